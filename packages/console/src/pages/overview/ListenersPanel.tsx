import type { Listener } from '../../api/contract.js';
import { count } from '../../format/numbers.js';
import { Panel } from '../../parts/Panel.js';
import { Sparkline } from '../../parts/Sparkline.js';
import { RATES_KEPT, rates, series } from '../../state/rates.js';

const DOTS = { listening: 'dot good', waiting: 'dot warn', closed: 'dot bad' };

/** Where clients connect. */
export function ListenersPanel({ listeners }: { readonly listeners: readonly Listener[] }) {
  return (
    <Panel title="Listeners">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Listener</th>
            <th scope="col" class="wide">
              Units
            </th>
            <th scope="col" class="number">
              Requests/s
            </th>
            <th scope="col" class="wide curve">
              Last two minutes
            </th>
          </tr>
        </thead>
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
  const requests = series(rates.value, 'requests', name);
  return (
    <tr>
      <td>
        <span class={DOTS[state]} />
        <span class="name">{place}</span>
        <small class="muted about">{name === place ? state : `${name}, ${state}`}</small>
      </td>
      <td class="wide">{units.join(', ')}</td>
      <td class="number">{count(requests.at(-1) ?? 0)}</td>
      <td class="wide curve">
        <Sparkline values={requests} width={RATES_KEPT} label={`Requests per second of ${name}`} />
      </td>
    </tr>
  );
}
