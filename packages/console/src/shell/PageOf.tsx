import { OverviewPage } from '../pages/overview/OverviewPage.js';
import { UnitPage } from '../pages/unit/UnitPage.js';
import { Title } from '../parts/Title.js';
import { PAGES } from './pages.js';

/** The page at an address. */
export function PageOf({ route: [first, ...rest] }: { readonly route: readonly string[] }) {
  if (first === undefined) return <OverviewPage />;
  if (first === 'units' && rest[0] !== undefined)
    return <UnitPage key={rest[0]} unit={rest[0]} tab={rest[1] ?? 'points'} />;
  const found = PAGES.find(({ path }) => path === first);
  if (found !== undefined) return <found.Page />;
  return (
    <div class="page">
      <Title title="There is no such page" about={<a href="#/">Go to the overview</a>} />
    </div>
  );
}
