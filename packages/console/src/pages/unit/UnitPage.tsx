import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Point, TableWord, Unit } from '../../api/contract.js';
import { unitPath } from '../../api/paths.js';
import { counted } from '../../format/numbers.js';
import { unitName } from '../../format/units.js';
import { Loaded } from '../../parts/Loaded.js';
import { Title } from '../../parts/Title.js';
import { usePoints } from '../../state/points.js';
import { type Resource, useResource } from '../../state/resource.js';
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
  // Asked for beside the unit, as both of its kinds of parts need them.
  const points = usePoints(unit);
  return (
    <div class="page unit">
      {resource.value === undefined && <Title title={`Unit ${unit}`} />}
      <Loaded of={resource}>{(value) => <UnitContent unit={value} points={points} tab={tab} />}</Loaded>
    </div>
  );
}

interface ContentProps {
  readonly unit: Unit;
  readonly points: Resource<readonly Signal<Point>[]>;
  readonly tab: string;
}

function UnitContent({ unit, points, tab }: ContentProps) {
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
        <PointsPanel points={points} />
      ) : (
        <TablePanel key={table} unit={unit} points={points.value} word={table} target={target} go={go} />
      )}
    </>
  );
}

function aboutOf({ id, points, listeners }: Unit): string {
  return `Unit id ${id} · ${counted(points, 'point')} · served by ${listeners.join(', ') || 'no listener'}`;
}
