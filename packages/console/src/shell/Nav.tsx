import type { Root } from '../api/contract.js';
import { hrefOf } from '../state/route.js';
import { NavLink } from './NavLink.js';
import { PAGES } from './pages.js';

/** The ways to all pages. */
export function Nav({ root }: { readonly root: Root | undefined }) {
  return (
    <nav aria-label="Pages">
      <ul>
        <NavLink href="#/" name="Overview" />
      </ul>
      <h2>Units</h2>
      <ul>
        {root?.units.map(({ key, id, name }) => (
          <NavLink key={key} href={hrefOf('units', key)} name={name ?? `Unit ${id}`} count={name && `unit ${id}`} />
        ))}
      </ul>
      <h2>Device</h2>
      <ul>
        {PAGES.map(({ path, name }) => (
          <NavLink key={path} href={hrefOf(path)} name={name} alarm={path === 'faults' ? faultsOn(root) : undefined} />
        ))}
      </ul>
    </nav>
  );
}

function faultsOn(root: Root | undefined): string | undefined {
  const active = root?.faults.active ?? 0;
  return active === 0 ? undefined : String(active);
}
