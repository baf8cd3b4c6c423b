import type { Range, TableName, Unit } from 'busbar';

/** The addresses of a table that belong to no point. */
export function besidePoints(unit: Unit, table: TableName): Range[] {
  return unit[table].ranges.flatMap((range) => gaps(range, unit.pointsAt(table, range.start, range.count)));
}

/** What is left of a range. @param taken parts of it. */
function gaps({ start, count }: Range, taken: readonly { address: number; quantity: number }[]): Range[] {
  const left: Range[] = [];
  let next = start;
  const leave = (until: number) => {
    if (until > next) left.push({ start: next, count: until - next });
  };
  for (const { address, quantity } of taken.toSorted((a, b) => a.address - b.address)) {
    leave(address);
    next = Math.max(next, address + quantity);
  }
  leave(start + count);
  return left;
}
