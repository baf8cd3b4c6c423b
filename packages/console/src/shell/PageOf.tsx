import { OverviewPage } from '../pages/overview/OverviewPage.js';
import { UnitPage } from '../pages/unit/UnitPage.js';
import { Empty } from '../parts/Empty.js';
import { PAGES } from './pages.js';

/** The page at an address. */
export function PageOf({ route: [first, ...rest] }: { readonly route: readonly string[] }) {
  if (first === undefined) return <OverviewPage />;
  if (first === 'units' && rest[0] !== undefined)
    return <UnitPage key={rest[0]} unit={rest[0]} tab={rest[1] ?? 'points'} />;
  const found = PAGES.find(({ path }) => path === first);
  if (found !== undefined) return <found.Page />;
  return (
    <Empty title="There is no such page">
      <a href="#/">Overview</a>
    </Empty>
  );
}
