/** A value, and how many seconds ago it was. */
export interface Past {
  readonly age: number;
  readonly value: number;
}

interface Props {
  /** One a second, oldest first; some may be missing. */
  readonly values: readonly Past[];
  /** So many seconds are the whole width. */
  readonly width: number;
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly danger?: boolean;
}

const HEIGHT = 32;

/** Seconds between two values from which on something is missing between them. */
const GAP = 2.5;

/** A small curve of the last values, from 0 to the greatest. What is not known is a dashed line. */
export function Sparkline({ values, width, label, danger = false }: Props) {
  const most = Math.max(1, ...values.map(({ value }) => value));
  const x = (age: number) => (width - age).toFixed(1);
  const y = (value: number) => (HEIGHT - 1 - (value / most) * (HEIGHT - 3)).toFixed(1);
  return (
    <svg
      class={danger ? 'sparkline danger' : 'sparkline'}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path class="unknown" d={`M0,${HEIGHT - 1}H${x((values[0]?.age ?? 0) + 1)}`} />
      {runsOf(values).map((run) => {
        // Each value is that of the second before it: the first one begins where that did.
        const [first, last] = [(run[0]?.age ?? 0) + 1, run.at(-1)?.age ?? 0];
        const line = `${x(first)},${y(run[0]?.value ?? 0)}L${run.map(({ age, value }) => `${x(age)},${y(value)}`).join('L')}`;
        return (
          <g key={first}>
            <path class="area" d={`M${x(first)},${HEIGHT}L${line}L${x(last)},${HEIGHT}Z`} />
            <path d={`M${line}`} />
          </g>
        );
      })}
    </svg>
  );
}

/** Values that follow each other without a gap. */
function runsOf(values: readonly Past[]): Past[][] {
  const runs: Past[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run !== undefined && (run.at(-1)?.age ?? 0) - value.age < GAP) run.push(value);
    else runs.push([value]);
  }
  return runs;
}
