interface Props {
  readonly values: readonly number[];
  /** So many values are the whole width. */
  readonly width: number;
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly danger?: boolean;
}

const HEIGHT = 32;

/** A small curve of the last values, from 0 to the greatest. */
export function Sparkline({ values, width, label, danger = false }: Props) {
  const most = Math.max(1, ...values);
  const first = width - values.length;
  const points = values.map((value, i) => `${first + i},${(HEIGHT - 1 - (value / most) * (HEIGHT - 3)).toFixed(1)}`);
  return (
    <svg
      class={danger ? 'sparkline danger' : 'sparkline'}
      viewBox={`0 0 ${width - 1} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {points.length > 1 && (
        <>
          <path class="area" d={`M${first},${HEIGHT}L${points.join('L')}L${width - 1},${HEIGHT}Z`} />
          <path d={`M${points.join('L')}`} />
        </>
      )}
    </svg>
  );
}
