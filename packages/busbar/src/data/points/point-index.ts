import type { TableName } from '../../protocol/tables.js';
import type { PointPlace } from './place.js';

/** A point, or what is known of one, with the place of its memory. */
export interface Entry<Item> {
  readonly item: Item;
  readonly place: PointPlace;
  /** Bits or registers. */
  readonly quantity: number;
}

/** The points of one table. */
interface TableEntries<Item> {
  /** By address. */
  readonly entries: readonly Entry<Item>[];
  /** The greatest end of the entries up to each. */
  readonly ends: readonly number[];
}

/** Finds points by the place of their memory. */
export class PointIndex<Item> {
  readonly #tables: ReadonlyMap<TableName, TableEntries<Item>>;

  constructor(entries: readonly Entry<Item>[]) {
    const names = new Set(entries.map(({ place }) => place.table));
    const mine = (name: TableName) => entries.filter(({ place }) => place.table === name);
    this.#tables = new Map([...names].map((name) => [name, sorted(mine(name))]));
  }

  /** Those that have a part in a range, by address. */
  at(table: TableName, address: number, quantity: number): Item[] {
    const found = this.#tables.get(table);
    if (found === undefined) return [];
    const { entries, ends } = found;
    const touched: Item[] = [];
    for (let i = firstAbove(ends, address); i < entries.length; i++) {
      if (entries[i].place.address >= address + quantity) break;
      if (endOf(entries[i]) > address) touched.push(entries[i].item);
    }
    return touched;
  }
}

function sorted<Item>(unsorted: readonly Entry<Item>[]): TableEntries<Item> {
  const bitOf = ({ bit = -1 }: PointPlace) => bit;
  const entries = unsorted.toSorted(({ place: a }, { place: b }) => a.address - b.address || bitOf(a) - bitOf(b));
  let end = 0;
  const ends = entries.map((entry) => {
    end = Math.max(end, endOf(entry));
    return end;
  });
  return { entries, ends };
}

function endOf({ place, quantity }: Entry<unknown>): number {
  return place.address + quantity;
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
