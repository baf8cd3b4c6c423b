import { bytes, count } from '../../format/numbers.js';
import { rates, series } from '../../state/rates.js';
import { Total } from './Total.js';

/** What all listeners do together, per second. */
export function Totals() {
  const history = rates.value;
  const latest = history.at(-1);
  const sum = (rate: Parameters<typeof series>[1]) => series(history, rate);
  const traffic = sum('bytesIn').map((each, i) => each + (sum('bytesOut')[i] ?? 0));
  return (
    <ul class="totals">
      <Total name="Requests/s" values={sum('requests')} format={count} />
      <Total name="Exceptions/s" values={sum('exceptions')} format={count} danger />
      <Total name="Traffic/s" values={traffic} format={bytes} />
      <Total name="Clients" values={history.map(({ clients }) => clients)} format={count} href="#/clients" />
      {latest === undefined && <li class="hidden">No rates yet</li>}
    </ul>
  );
}
