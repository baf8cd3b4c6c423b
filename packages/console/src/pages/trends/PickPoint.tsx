import { useState } from 'preact/hooks';
import type { Point } from '../../api/contract.js';
import { pointsPath } from '../../api/paths.js';
import { unitName } from '../../format/units.js';
import { Empty } from '../../parts/Empty.js';
import { Loaded } from '../../parts/Loaded.js';
import { Panel } from '../../parts/Panel.js';
import { Search } from '../../parts/Search.js';
import { useResource } from '../../state/resource.js';
import { root } from '../../state/root.js';
import { addPick, isDrawable, keyOf, MAX_PICKS, picks } from '../../state/trends.js';

/** Points that can be drawn, unit by unit. */
export function PickPoint() {
  const units = (root.value?.units ?? []).filter(({ points }) => points > 0);
  const [chosen, setChosen] = useState('');
  const unit = units.find(({ key }) => String(key) === chosen) ?? units[0];
  const tools = units.length > 1 && (
    <select
      class="field"
      aria-label="Unit"
      value={unit?.key}
      onChange={(event) => setChosen(event.currentTarget.value)}
    >
      {units.map((each) => (
        <option key={each.key} value={each.key}>
          {unitName(each)}
        </option>
      ))}
    </select>
  );
  return (
    <Panel title="Points" tools={tools} padded>
      {unit === undefined ? (
        <Empty title="There are no points">Trends draw points, and no unit has any.</Empty>
      ) : (
        <PointsToPick key={unit.key} path={pointsPath(unit.key)} />
      )}
    </Panel>
  );
}

/** From so many points on, there is a search. */
const MANY = 24;

function PointsToPick({ path }: { readonly path: string }) {
  const points = useResource<Point[]>(path);
  const [search, setSearch] = useState('');
  const picked = new Set(picks.value.map(keyOf));
  const isFull = picked.size >= MAX_PICKS;
  return (
    <Loaded of={points}>
      {(all) => (
        <div class="picks">
          {all.length > MANY && <Search label="Search points" value={search} onValue={setSearch} />}
          <ul class="row">
            {drawable(all, search).map((point) => (
              <li key={point.name}>
                <button
                  type="button"
                  class="button pick"
                  disabled={isFull || picked.has(keyOf(point))}
                  onClick={() => addPick(point)}
                >
                  {point.name}
                  {point.measure && <small class="muted"> {point.measure}</small>}
                </button>
              </li>
            ))}
          </ul>
          {isFull && <p class="muted">Up to {MAX_PICKS} can be told apart: remove one to pin another.</p>}
        </div>
      )}
    </Loaded>
  );
}

function drawable(points: readonly Point[], search: string): Point[] {
  const wanted = search.trim().toLowerCase();
  return points.filter((point) => isDrawable(point) && point.name.toLowerCase().includes(wanted));
}
