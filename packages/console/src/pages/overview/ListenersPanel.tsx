import type { Listener } from '../../api/contract.js';
import { count } from '../../format/numbers.js';
import { unitList } from '../../format/units.js';
import { Panel } from '../../parts/Panel.js';
import { Sparkline } from '../../parts/Sparkline.js';
import { type Column, TableHead } from '../../parts/TableHead.js';
import { RATES_KEPT, rates, series } from '../../state/rates.js';

const DOTS = { listening: 'dot good', waiting: 'dot warn', closed: 'dot bad' };

const COLUMNS: readonly Column[] = [
  { name: 'Listener' },
  { name: 'Units', class: 'wide' },
  { name: 'Requests/s', class: 'number' },
  { name: 'Last two minutes', class: 'wide curve' },
];

/** Where clients connect. */
export function ListenersPanel({ listeners }: { readonly listeners: readonly Listener[] }) {
  return (
    <Panel title="Listeners">
      <table class="table">
        <TableHead columns={COLUMNS} />
        <tbody>
          {listeners.map((listener) => (
            <ListenerRow key={listener.name} listener={listener} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function ListenerRow({ listener: { name, place, state, units } }: { readonly listener: Listener }) {
  const requests = series(rates.value, ({ listeners }) => listeners[name]?.requests ?? 0);
  return (
    <tr>
      <td>
        <span class={DOTS[state]} />
        <span class="name">{place}</span>
        <small class="muted about">{name === place ? state : `${name}, ${state}`}</small>
      </td>
      <td class="wide">{unitList(units)}</td>
      <td class="number">{count(requests.at(-1)?.value ?? 0)}</td>
      <td class="wide curve">
        <Sparkline values={requests} width={RATES_KEPT} label={`Requests per second of ${name}`} />
      </td>
    </tr>
  );
}
