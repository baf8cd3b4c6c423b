import { checkArray, checkInteger, checkKeys, type Path, show } from '../checks.js';
import { DataError, OptionsError } from '../errors.js';

/** A run of neighbouring addresses: `count` items that start as `value` (or zero), or the `values` themselves. */
export type Block<Value> =
  | { readonly start: number; readonly count: number; readonly value?: Value; readonly values?: never }
  | { readonly start: number; readonly values: readonly Value[]; readonly count?: never; readonly value?: never };

/** A run of neighbouring addresses. */
export interface Range {
  /** Protocol address of the first item, counted from 0. */
  readonly start: number;
  readonly count: number;
}

interface Segment {
  start: number;
  end: number;
  /** Where the segment's items stand in the storage, less `start`. */
  shift: number;
}

/** Which addresses exist, and where in one contiguous storage each stands. Neighbouring blocks are joined. */
export class Layout {
  readonly size: number;
  readonly #segments: Segment[] = [];

  /** @param ranges sorted and free of overlaps, as from {@link checkRanges}. */
  constructor(ranges: readonly Range[]) {
    let size = 0;
    for (const { start, count } of ranges) {
      const last = this.#segments.at(-1);
      if (last?.end === start) last.end += count;
      else this.#segments.push({ start, end: start + count, shift: size - start });
      size += count;
    }
    this.size = size;
  }

  get ranges(): Range[] {
    return this.#segments.map(({ start, end }) => ({ start, count: end - start }));
  }

  /** Storage index of `address` if it and the `quantity - 1` addresses behind it all exist, else -1. */
  locate(address: number, quantity: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#segments[middle].end <= address) low = middle + 1;
      else high = middle;
    }
    const segment = this.#segments[low];
    if (segment === undefined || address < segment.start || address + quantity > segment.end) return -1;
    return address + segment.shift;
  }
}

/** Whether all of `count` items from `address` on exist. */
export function hasRange(layout: Layout, address: number, count: number): boolean {
  return Number.isInteger(address) && Number.isInteger(count) && count > 0 && layout.locate(address, count) >= 0;
}

/** The storage index of a range that a program names. @throws DataError that says what the table has. */
export function requireRange(layout: Layout, address: number, count: number, table: string): number {
  if (hasRange(layout, address, count)) return layout.locate(address, count);
  if (typeof address !== 'number') throw wrongArgument(table, 'an address', address);
  if (typeof count !== 'number') throw wrongArgument(table, 'a count', count);
  const asked =
    count === 1 ? `address ${address} does not exist` : `not all of ${count} addresses from ${address} on exist`;
  throw new DataError('ADDRESS_OUTSIDE_TABLE', `${table}: ${asked}; ${contents(layout)}`);
}

function wrongArgument(table: string, expected: string, found: unknown): DataError {
  return new DataError('INVALID_VALUE', `${table}: expected ${expected} (a number), found ${show(found)}`);
}

const SHOWN_RANGES = 4;

function contents({ ranges }: Layout): string {
  if (ranges.length === 0) return 'it is empty';
  const shown = ranges.slice(0, SHOWN_RANGES).map(({ start, count }) => `${start}..${start + count - 1}`);
  return `it has ${shown.join(', ')}${ranges.length > SHOWN_RANGES ? ', …' : ''}`;
}

/** Where the option at an index of a list stands. */
export type PathOf = (index: number) => Path;

/** Checks `{ start, count }` ranges of an address space of `space` addresses; returns them sorted. */
export function checkRanges<R extends Range>(ranges: readonly R[], space: number, pathOf: PathOf): R[] {
  ranges.forEach((range, i) => {
    checkInteger(range.start, 0, space - 1, [...pathOf(i), 'start']);
    checkInteger(range.count, 1, space - range.start, [...pathOf(i), 'count']);
  });
  const order = ranges.map((_, i) => i).sort((a, b) => ranges[a].start - ranges[b].start);
  for (let k = 1; k < order.length; k++) {
    const [before, here] = [ranges[order[k - 1]], ranges[order[k]]];
    if (before.start + before.count > here.start) throw overlap(here, before, pathOf(order[k]));
  }
  return order.map((i) => ranges[i]);
}

/** @param path of the block `here`. */
export function overlap(here: Range, other: Range, path: Path): OptionsError {
  const last = other.start + other.count - 1;
  return new OptionsError([...path, 'start'], `the block at ${here.start} overlaps the block ${other.start}..${last}`);
}

/** A checked block. */
export interface FilledRange<Value> extends Range {
  readonly values: readonly Value[];
}

/** How blocks may be numbered: from `first` up to, but without, `end`. */
export interface Numbering {
  readonly first: number;
  readonly end: number;
}

/** Checks blocks, has them count from 0, and spells out their values. `checkValue` returns the value in its stored form or throws. */
export function checkBlocks<Stored>(
  blocks: readonly unknown[],
  numbering: Numbering,
  zero: Stored,
  checkValue: (value: unknown, path: Path) => Stored,
  pathOf: PathOf,
): FilledRange<Stored>[] {
  const { first, end } = numbering;
  const filled = blocks.map((block, i) => fillBlock(block, numbering, zero, checkValue, pathOf(i)));
  return checkRanges(filled, end, pathOf).map((block) => ({ ...block, start: block.start - first }));
}

function fillBlock<Stored>(
  block: unknown,
  numbering: Numbering,
  zero: Stored,
  checkValue: (value: unknown, path: Path) => Stored,
  path: Path,
): FilledRange<Stored> {
  checkKeys(block, ['start', 'count', 'value', 'values'], path);
  const { start, count, value, values } = block as { [key: string]: unknown };
  const { end } = numbering;
  const first = checkInteger(start, numbering.first, end - 1, [...path, 'start']);
  if (values === undefined && count === undefined) throw new OptionsError(path, 'give count, or values');
  if (values === undefined) {
    const length = checkInteger(count, 1, end - first, [...path, 'count']);
    const fill = value === undefined ? zero : checkValue(value, [...path, 'value']);
    return { start: first, count: length, values: new Array<Stored>(length).fill(fill) };
  }
  if (count !== undefined) throw new OptionsError([...path, 'count'], 'give either count or values, not both');
  if (value !== undefined) throw new OptionsError([...path, 'value'], 'give either value or values, not both');
  const list = checkArray(values, [...path, 'values']);
  if (list.length < 1 || list.length > end - first) {
    throw new OptionsError([...path, 'values'], `expected 1 to ${end - first} values, found ${list.length}`);
  }
  return { start: first, count: list.length, values: list.map((each, i) => checkValue(each, [...path, 'values', i])) };
}
