import { useMemo } from 'preact/hooks';
import type { Point, TableWord, Unit } from '../../api/contract.js';
import { pointsPath } from '../../api/paths.js';
import { counted } from '../../format/numbers.js';
import { Panel } from '../../parts/Panel.js';
import { useResource } from '../../state/resource.js';
import { TABLES } from '../../state/tables.js';
import { CellGrid } from './CellGrid.js';
import { columns } from './columns.js';
import { FormatChips } from './FormatChips.js';
import { BIT } from './formats.js';
import { GoTo } from './GoTo.js';
import type { Place } from './go-to.js';
import { GridRows } from './grid-rows.js';

interface Props {
  readonly unit: Unit;
  readonly word: TableWord;
  /** Where the user has gone last, in this table or another. */
  readonly target: Place | undefined;
  readonly go: (target: Place) => void;
}

/** A table as it is in memory. */
export function TablePanel({ unit, word, target, go }: Props) {
  const { name, table, isOfBits } = TABLES[word];
  const rows = useMemo(() => new GridRows(unit.tables[table]), [unit, table]);
  const { value: points } = useResource<readonly Point[]>(pointsPath(unit.key));
  const names = useMemo(() => namesIn(points ?? [], word), [points, word]);
  const size = unit.tables[table].reduce((sum, { count }) => sum + count, 0);
  return (
    <Panel
      title={`${name}, ${counted(size, 'address', 'addresses')}`}
      tools={<GoTo unit={unit} word={word} points={points} target={target} go={go} />}
    >
      {!isOfBits && <FormatChips />}
      <CellGrid
        unit={unit.key}
        word={word}
        rows={rows}
        formats={isOfBits ? [BIT] : columns.value}
        names={names}
        target={target?.word === word ? target : undefined}
      />
    </Panel>
  );
}

/** The names of the points at each address of a table. */
function namesIn(points: readonly Point[], word: TableWord): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { name, table, address, quantity } of points) {
    if (table !== TABLES[word].table) continue;
    for (let i = address; i < address + quantity; i++) names.set(i, [names.get(i), name].filter(Boolean).join(', '));
  }
  return names;
}
