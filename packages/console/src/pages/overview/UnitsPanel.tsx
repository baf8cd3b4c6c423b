import { useState } from 'preact/hooks';
import type { Root } from '../../api/contract.js';
import { counted } from '../../format/numbers.js';
import { isUnitFound, MANY_UNITS, unitName } from '../../format/units.js';
import { Empty } from '../../parts/Empty.js';
import { Panel } from '../../parts/Panel.js';
import { Search } from '../../parts/Search.js';
import { hrefOf } from '../../state/route.js';

/** The devices that clients see. */
export function UnitsPanel({ units }: { readonly units: Root['units'] }) {
  const [search, setSearch] = useState('');
  const isMany = units.length > MANY_UNITS;
  const found = units.filter((unit) => isUnitFound(unit, search));
  return (
    <Panel
      title={isMany ? `${counted(units.length, 'unit')}` : 'Units'}
      tools={isMany && <Search label="Search units" value={search} onValue={setSearch} />}
    >
      {found.length === 0 ? (
        <NoUnits isFiltered={units.length > 0} />
      ) : (
        <ul class={isMany ? 'units many' : 'units'}>
          {found.map((unit) => (
            <li key={unit.key}>
              <a href={hrefOf('units', unit.key)}>
                <span class="name">{unitName(unit)}</span>
                <span class="muted">
                  unit {unit.id} · {unit.points === 0 ? 'tables only' : counted(unit.points, 'point')}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function NoUnits({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No unit matches">Search for a name or a unit id.</Empty>;
  return <Empty title="There are no units">Clients get no reply until the config has some under units.</Empty>;
}
