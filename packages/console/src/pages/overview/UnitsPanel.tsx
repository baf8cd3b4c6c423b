import type { Root } from '../../api/contract.js';
import { counted } from '../../format/numbers.js';
import { Empty } from '../../parts/Empty.js';
import { Panel } from '../../parts/Panel.js';
import { hrefOf } from '../../state/route.js';

/** The devices that clients see. */
export function UnitsPanel({ units }: { readonly units: Root['units'] }) {
  return (
    <Panel title="Units">
      {units.length === 0 ? (
        <Empty title="There are no units" />
      ) : (
        <ul class="units">
          {units.map(({ key, id, name, points }) => (
            <li key={key}>
              <a href={hrefOf('units', key)}>
                <span class="name">{name ?? `Unit ${id}`}</span>
                <span class="muted">
                  unit id {id}, {points === 0 ? 'tables only' : counted(points, 'point')}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
