import { type Past, Sparkline } from '../../parts/Sparkline.js';
import { RATES_KEPT } from '../../state/rates.js';

interface Props {
  readonly name: string;
  readonly values: readonly Past[];
  readonly format: (value: number) => string;
  readonly danger?: boolean;
  readonly href?: string;
}

/** One number, and how it was in the last minutes. */
export function Total({ name, values, format, danger = false, href }: Props) {
  const latest = values.at(-1)?.value;
  const isBad = danger && latest !== undefined && latest > 0;
  return (
    <li class={isBad ? 'panel total bad' : 'panel total'}>
      <span class="muted">{href === undefined ? name : <a href={href}>{name}</a>}</span>
      <strong>{latest === undefined ? '–' : format(latest)}</strong>
      <Sparkline
        values={values}
        width={RATES_KEPT}
        danger={danger}
        label={`${name} in the last two minutes, up to ${format(Math.max(0, ...values.map(({ value }) => value)))}`}
      />
    </li>
  );
}
