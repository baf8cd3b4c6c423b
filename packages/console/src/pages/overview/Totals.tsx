import { bytes, count } from '../../format/numbers.js';
import { rates, series, totalOf } from '../../state/rates.js';
import { Total } from './Total.js';

/** What all listeners do together, per second. */
export function Totals() {
  const history = rates.value;
  const [bytesIn, bytesOut] = [totalOf('bytesIn'), totalOf('bytesOut')];
  return (
    <ul class="totals">
      <Total name="Requests/s" values={series(history, totalOf('requests'))} format={count} />
      <Total name="Exceptions/s" values={series(history, totalOf('exceptions'))} format={count} danger />
      <Total name="Traffic/s" values={series(history, (each) => bytesIn(each) + bytesOut(each))} format={bytes} />
      <Total name="Clients" values={series(history, ({ clients }) => clients)} format={count} href="#/clients" />
    </ul>
  );
}
