import { useEffect, useRef, useState } from 'preact/hooks';
import type { Root } from '../api/contract.js';
import { isUnitFound, MANY_UNITS, unitName } from '../format/units.js';
import { Search } from '../parts/Search.js';
import { hrefOf, route } from '../state/route.js';
import { NavLink } from './NavLink.js';
import { PAGES } from './pages.js';

/** The ways to all pages. */
export function Nav({ root }: { readonly root: Root | undefined }) {
  return (
    <nav aria-label="Pages">
      <ul>
        <NavLink href="#/" name="Overview" />
      </ul>
      {root !== undefined && root.units.length > 0 && <UnitLinks units={root.units} />}
      <h2>Device</h2>
      <ul>
        {PAGES.map(({ path, name }) => (
          <NavLink key={path} href={hrefOf(path)} name={name} alarm={path === 'faults' ? faultsOn(root) : undefined} />
        ))}
      </ul>
    </nav>
  );
}

function UnitLinks({ units }: { readonly units: Root['units'] }) {
  const list = useRef<HTMLUListElement>(null);
  const [search, setSearch] = useState('');
  const isMany = units.length > MANY_UNITS;
  // Of many units, the one that is shown may be out of sight.
  useEffect(() => list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }), [route.value]);
  return (
    <>
      <h2>Units</h2>
      {isMany && <Search label="Find a unit" value={search} onValue={setSearch} />}
      <ul class={isMany ? 'all-units many' : 'all-units'} ref={list}>
        {units
          .filter((unit) => isUnitFound(unit, search))
          .map((unit) => (
            <NavLink
              key={unit.key}
              href={hrefOf('units', unit.key)}
              name={unitName(unit)}
              count={unit.name && `unit ${unit.id}`}
            />
          ))}
      </ul>
    </>
  );
}

function faultsOn(root: Root | undefined): string | undefined {
  const active = root?.faults.active ?? 0;
  return active === 0 ? undefined : String(active);
}
