import type { ChangedRange, TableName } from 'busbar';
import { sourceText } from '../sources.js';

interface Range {
  readonly table: TableName;
  readonly start: number;
  readonly count: number;
  readonly by: string;
}

type TableRange = Extract<ChangedRange, { address: number }>;

/** Of a table; more become one that spans them all. */
const MOST = 50;

/** The ranges of a unit's tables that have been written. Their values may be what they were. */
export class Touched {
  readonly #tables = new Map<TableName, Range[]>();

  get ranges(): readonly Range[] {
    return [...this.#tables.values()].flat();
  }

  add({ part: table, address, quantity, by }: TableRange): void {
    const ranges = this.#tables.get(table) ?? [];
    const added = { table, start: address, count: quantity, by: sourceText(by) };
    const i = ranges.findIndex((range) => range.by === added.by && touches(range, added));
    if (i < 0) ranges.push(added);
    else ranges[i] = spanning([ranges[i], added]);
    this.#tables.set(table, ranges.length > MOST ? [spanning(ranges)] : ranges);
  }
}

function touches(one: Range, other: Range): boolean {
  return one.start <= endOf(other) && other.start <= endOf(one);
}

function spanning(ranges: readonly Range[]): Range {
  const start = Math.min(...ranges.map((range) => range.start));
  const end = Math.max(...ranges.map(endOf));
  return { ...ranges[ranges.length - 1], start, count: end - start };
}

function endOf({ start, count }: Range): number {
  return start + count;
}
