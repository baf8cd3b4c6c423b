import type { Range, TableName, Unit } from 'busbar';

/** The addresses of a table that belong to no point. */
export function besidePoints(unit: Unit, table: TableName): readonly Range[] {
  const { ranges } = unit[table];
  if (Object.keys(unit.points).length === 0) return ranges;
  return ranges.flatMap((range) => runs(range, (address) => unit.pointsAt(table, address, 1).length === 0));
}

/** The parts of a range in which all addresses are free. */
function runs({ start, count }: Range, isFree: (address: number) => boolean): Range[] {
  const found: { start: number; count: number }[] = [];
  let isGoingOn = false;
  for (let address = start; address < start + count; address++) {
    const last = found.at(-1);
    const free = isFree(address);
    if (free && isGoingOn && last !== undefined) last.count++;
    else if (free) found.push({ start: address, count: 1 });
    isGoingOn = free;
  }
  return found;
}
