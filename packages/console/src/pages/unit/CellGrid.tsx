import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TableWord, UnitKey } from '../../api/contract.js';
import { useCells } from '../../state/cells.js';
import { TABLES } from '../../state/tables.js';
import { CellRow } from './CellRow.js';
import type { Format } from './formats.js';
import { GridFoot } from './GridFoot.js';
import { GridHead } from './GridHead.js';
import type { Place } from './go-to.js';
import type { GridRows } from './grid-rows.js';
import { moved, type Spot } from './moves.js';
import { ROW_HEIGHT, useRows } from './use-rows.js';
import { useWrite } from './use-write.js';

interface Props {
  readonly unit: UnitKey;
  readonly word: TableWord;
  readonly rows: GridRows;
  readonly formats: readonly Format[];
  readonly names: ReadonlyMap<number, string>;
  /** The address to go to; a new object goes there anew. */
  readonly target: Place | undefined;
}

/** Registers of the largest number. */
const WIDEST = 4;

/** The addresses of a table, of which only those are rendered that can be seen. Arrow keys move, Enter edits. */
export function CellGrid({ unit, word, rows, formats, names, target }: Props) {
  const home = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const { from, to, reveal, onScroll } = useRows(home, rows.length);
  const [spot, setSpot] = useState<Spot>({ row: 0, column: 0 });
  const [editing, setEditing] = useState(false);
  const { table } = TABLES[word];
  const cells = useCells({ unit, word, table, runs: rows.runsIn(from, to, WIDEST - 1) });
  const { error, canWrite, write, clear } = useWrite(unit, word, cells.reload);

  const go = (next: Spot) => {
    setSpot(next);
    setEditing(false);
    clear();
    reveal(next.row);
  };
  const edit = () => {
    const at = rows.at(spot.row);
    if (canWrite && at !== undefined && 'address' in at) setEditing(true);
  };
  const end = () => {
    setEditing(false);
    clear();
    grid.current?.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    const row = target && rows.rowOf(target.address);
    if (row !== undefined) go({ row, column: spot.column });
  }, [target]);

  // Rows are brought into sight by `reveal`: this one may not be rendered yet.
  useEffect(() => {
    document.getElementById(`cell-${spot.row}-${spot.column}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [spot.column]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (editing) return;
    const next = moved(spot, event, rows.length, formats.length);
    if (next === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (next === undefined) edit();
    else go(next);
  };
  const visible = Array.from({ length: to - from }, (_, i) => from + i);
  return (
    <>
      <div class="grid" ref={home} onScroll={onScroll}>
        <table
          class="cells"
          ref={grid}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table in whose cells one moves.
          role="grid"
          tabIndex={0}
          aria-label={TABLES[word].name}
          aria-rowcount={rows.length + 1}
          aria-activedescendant={`cell-${spot.row}-${spot.column}`}
          onKeyDown={onKeyDown}
        >
          <GridHead formats={formats} />
          <tbody>
            <tr style={{ height: `${from * ROW_HEIGHT}px` }} />
            {visible.map((row) => (
              <CellRow
                key={row}
                row={row}
                at={rows.at(row)}
                word={word}
                formats={formats}
                names={names}
                values={cells.values}
                column={row === spot.row ? spot.column : undefined}
                editing={editing && row === spot.row}
                onPick={(column) => (row === spot.row && column === spot.column ? edit() : go({ row, column }))}
                onWrite={async (text, format, address) => (await write(text, format, address)) && end()}
                onCancel={end}
              />
            ))}
            <tr style={{ height: `${(rows.length - to) * ROW_HEIGHT}px` }} />
          </tbody>
        </table>
      </div>
      <GridFoot error={error ?? cells.error} canWrite={canWrite} />
    </>
  );
}
