import { useState } from 'preact/hooks';
import type { TableWord, Unit } from '../../api/contract.js';
import { unitPath } from '../../api/paths.js';
import { counted } from '../../format/numbers.js';
import { unitName } from '../../format/units.js';
import { Loaded } from '../../parts/Loaded.js';
import { Title } from '../../parts/Title.js';
import { useResource } from '../../state/resource.js';
import { TABLES } from '../../state/tables.js';
import type { Place } from './go-to.js';
import { PointsPanel } from './PointsPanel.js';
import { Tab } from './Tab.js';
import { TablePanel } from './TablePanel.js';

interface Props {
  readonly unit: string;
  readonly tab: string;
}

/** A unit: its points, and its tables as they are. */
export function UnitPage({ unit, tab }: Props) {
  const resource = useResource<Unit>(unitPath(unit));
  return (
    <div class="page unit">
      {resource.value === undefined && <Title title={`Unit ${unit}`} />}
      <Loaded of={resource}>{(value) => <UnitContent unit={value} tab={tab} />}</Loaded>
    </div>
  );
}

function UnitContent({ unit, tab }: { readonly unit: Unit; readonly tab: string }) {
  const [target, go] = useState<Place>();
  const words = Object.keys(TABLES) as TableWord[];
  const tabs = words.filter((word) => unit.tables[TABLES[word].table].length > 0);
  const table = tabs.find((word) => word === tab) ?? (unit.points === 0 ? tabs.at(-1) : undefined);
  return (
    <>
      <Title title={unitName(unit)} about={aboutOf(unit)} />
      <nav class="tabs" aria-label="Parts of the unit">
        <Tab unit={unit} tab="points" name="Points" isCurrent={table === undefined} />
        {tabs.map((word) => (
          <Tab key={word} unit={unit} tab={word} name={TABLES[word].name} isCurrent={word === table} />
        ))}
      </nav>
      {table === undefined ? (
        <PointsPanel unit={unit.key} />
      ) : (
        <TablePanel key={table} unit={unit} word={table} target={target} go={go} />
      )}
    </>
  );
}

function aboutOf({ id, points, listeners }: Unit): string {
  return `Unit id ${id} · ${counted(points, 'point')} · served by ${listeners.join(', ') || 'no listener'}`;
}
