import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Point, TableWord, Unit } from '../../api/contract.js';
import { counted } from '../../format/numbers.js';
import { Panel } from '../../parts/Panel.js';
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
  /** Undefined until they are loaded. */
  readonly points: readonly Signal<Point>[] | undefined;
  readonly word: TableWord;
  /** Where the user has gone last, in this table or another. */
  readonly target: Place | undefined;
  readonly go: (target: Place) => void;
}

/** A table as it is in memory. */
export function TablePanel({ unit, points, word, target, go }: Props) {
  const { name, table, isOfBits } = TABLES[word];
  const rows = useMemo(() => new GridRows(unit.tables[table]), [unit, table]);
  // Names and places of points do not change with their values.
  const known = useMemo(() => points?.map((point) => point.peek()), [points]);
  const names = useMemo(() => namesIn(known ?? [], word), [known, word]);
  const size = unit.tables[table].reduce((sum, { count }) => sum + count, 0);
  return (
    <Panel
      title={`${name}, ${counted(size, 'address', 'addresses')}`}
      tools={<GoTo unit={unit} word={word} points={known} target={target} go={go} />}
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
