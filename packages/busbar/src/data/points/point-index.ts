import type { TableName } from '../../protocol/tables.js';
import type { Point } from './point.js';

/** The points of one table. */
interface TablePoints {
  /** By address. */
  readonly points: readonly Point[];
  /** The greatest end of the points up to each. */
  readonly ends: readonly number[];
}

/** Finds points by their address. */
export class PointIndex {
  readonly #tables: ReadonlyMap<TableName, TablePoints>;

  constructor(points: readonly Point[]) {
    const names = new Set(points.map(({ table }) => table));
    this.#tables = new Map([...names].map((name) => [name, sorted(points.filter(({ table }) => table === name))]));
  }

  /** The points that have a part in a range, by address. */
  at(table: TableName, address: number, quantity: number): Point[] {
    const found = this.#tables.get(table);
    if (found === undefined) return [];
    const { points, ends } = found;
    const touched: Point[] = [];
    for (let i = firstAbove(ends, address); i < points.length && points[i].address < address + quantity; i++) {
      if (endOf(points[i]) > address) touched.push(points[i]);
    }
    return touched;
  }
}

function sorted(unsorted: readonly Point[]): TablePoints {
  const points = unsorted.toSorted((a, b) => a.address - b.address || (a.bit ?? -1) - (b.bit ?? -1));
  let end = 0;
  const ends = points.map((point) => {
    end = Math.max(end, endOf(point));
    return end;
  });
  return { points, ends };
}

function endOf({ address, quantity }: Point): number {
  return address + quantity;
}

/** Index of the first number above `limit`, in growing numbers. */
function firstAbove(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
