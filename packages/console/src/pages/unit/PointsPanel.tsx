import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Point } from '../../api/contract.js';
import { Loaded } from '../../parts/Loaded.js';
import { Panel } from '../../parts/Panel.js';
import { Search } from '../../parts/Search.js';
import type { Resource } from '../../state/resource.js';
import { PointsTable } from './PointsTable.js';

/** All points of a unit, as they are now. */
export function PointsPanel({ points }: { readonly points: Resource<readonly Signal<Point>[]> }) {
  const [search, setSearch] = useState('');
  return (
    <Panel title="Points" tools={<Search label="Search points" value={search} onValue={setSearch} />}>
      <Loaded of={points}>{(all) => <PointsTable all={all} search={search.trim().toLowerCase()} />}</Loaded>
    </Panel>
  );
}
