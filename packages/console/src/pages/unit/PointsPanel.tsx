import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Point, UnitKey } from '../../api/contract.js';
import { Empty } from '../../parts/Empty.js';
import { Loaded } from '../../parts/Loaded.js';
import { Panel } from '../../parts/Panel.js';
import { usePoints } from '../../state/points.js';
import { PointRow } from './PointRow.js';

/** All points of a unit, as they are now. */
export function PointsPanel({ unit }: { readonly unit: UnitKey }) {
  const points = usePoints(unit);
  const [search, setSearch] = useState('');
  const tools = (
    <input
      class="field"
      type="search"
      aria-label="Search points"
      placeholder="Search points"
      value={search}
      onInput={(event) => setSearch(event.currentTarget.value)}
    />
  );
  return (
    <Panel title="Points" tools={tools}>
      <Loaded of={points}>{(all) => <PointsTable all={all} search={search.trim().toLowerCase()} />}</Loaded>
    </Panel>
  );
}

function PointsTable({ all, search }: { readonly all: readonly Signal<Point>[]; readonly search: string }) {
  if (all.length === 0) return <Empty title="This unit has no points">Its tables have all that it holds.</Empty>;
  const found = all.filter(({ value }) => matches(value, search));
  if (found.length === 0) return <Empty title="No point matches">Search for a name, a place or a description.</Empty>;
  return (
    <table class="table points">
      <thead>
        <tr>
          <th scope="col" class="what">
            Point
          </th>
          <th scope="col" class="value">
            Value
          </th>
          <th scope="col" class="wider">
            Registers
          </th>
          <th scope="col" class="wide place">
            Place
          </th>
          <th scope="col" class="wide">
            Last change
          </th>
        </tr>
      </thead>
      <tbody>
        {found.map((point) => (
          <PointRow key={point.peek().name} point={point} />
        ))}
      </tbody>
    </table>
  );
}

function matches({ name, place, description = '' }: Point, search: string): boolean {
  return [name, place, description].some((text) => text.toLowerCase().includes(search));
}
