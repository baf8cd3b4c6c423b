import { useMemo, useState } from 'preact/hooks';
import type { Point, TableWord, Unit } from '../../api/contract.js';
import { pointsPath } from '../../api/paths.js';
import { counted } from '../../format/numbers.js';
import { Panel } from '../../parts/Panel.js';
import { useResource } from '../../state/resource.js';
import { CellGrid } from './CellGrid.js';
import { FormatChips } from './FormatChips.js';
import { BIT, FORMATS } from './formats.js';
import { GoTo } from './GoTo.js';
import { GridRows } from './grid-rows.js';
import { TABLES } from './tables.js';

interface Props {
  readonly unit: Unit;
  readonly word: TableWord;
}

/** A table as it is in memory. */
export function TablePanel({ unit, word }: Props) {
  const { name, table, isOfBits } = TABLES[word];
  const rows = useMemo(() => new GridRows(unit.tables[table]), [unit, table]);
  const [shown, setShown] = useState<readonly string[]>(['Hex', 'Decimal', 'Signed', 'Float ABCD']);
  const [target, setTarget] = useState<{ row: number }>();
  const names = useNames(unit, word);
  const formats = isOfBits ? [BIT] : FORMATS.filter((format) => shown.includes(format.name));
  const size = unit.tables[table].reduce((sum, { count }) => sum + count, 0);
  return (
    <Panel
      title={`${name}, ${counted(size, 'address', 'addresses')}`}
      tools={<GoTo word={word} rows={rows} go={setTarget} />}
    >
      {!isOfBits && <FormatChips shown={shown} onShown={setShown} />}
      <CellGrid unit={unit.key} word={word} rows={rows} formats={formats} names={names} target={target} />
    </Panel>
  );
}

/** The names of the points at each address of a table. */
function useNames(unit: Unit, word: TableWord): ReadonlyMap<number, string> {
  const { value } = useResource<Point[]>(pointsPath(unit.key));
  return useMemo(() => {
    const names = new Map<number, string>();
    for (const { name, table, address, quantity } of value ?? []) {
      if (table !== TABLES[word].table) continue;
      for (let i = address; i < address + quantity; i++) names.set(i, [names.get(i), name].filter(Boolean).join(', '));
    }
    return names;
  }, [value, word]);
}
