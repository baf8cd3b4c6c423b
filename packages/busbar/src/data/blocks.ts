import {
  type ChecksTo,
  checkArray,
  checkInteger,
  checkList,
  collect,
  optional,
  type Path,
  show,
  type UncheckedOptions,
} from '../checks.js';
import { DataError, formatPath, OptionsError } from '../errors.js';
import { type Numbering, type Range, roomFrom } from '../protocol/address-range.js';

/** A run of neighbouring addresses: `count` items that start as `value` (or zero), or the `values` themselves. */
export type Block<Value> =
  | { readonly start: number; readonly count: number; readonly value?: Value; readonly values?: never }
  | { readonly start: number; readonly values: readonly Value[]; readonly count?: never; readonly value?: never };

interface Segment {
  start: number;
  end: number;
  /** Storage index of the segment's first item, minus `start`. */
  shift: number;
}

/** Which addresses exist, and the storage index of each. Neighbouring blocks are joined. */
export class Layout {
  readonly size: number;
  readonly #segments: Segment[] = [];

  /** @param ranges sorted and without overlaps, as from {@link checkRanges}. */
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

  /** Storage index of `address` if it and the next `quantity - 1` addresses exist, else -1. */
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

/** The storage index of a range that a program uses. @throws DataError that says which addresses exist. */
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

/** A range and the path to it. */
interface PlacedRange<R extends Range> {
  readonly range: R;
  readonly at: Path;
  /** Of a point, the place. */
  readonly place?: string;
}

/**
 * Checks a list of ranges, each with `check`, and that ranges of one `group` do not overlap. Collects all problems.
 * @param others further ranges beside those of the list: those of points.
 * @returns them sorted by `start`.
 */
export function checkRanges<R extends Range>(
  list: unknown,
  path: Path,
  check: (item: unknown, path: Path) => R,
  group: (range: R) => unknown = () => undefined,
  others: readonly (R & { readonly path: Path; readonly place: string })[] = [],
): R[] {
  const items = checkArray(list, path);
  return collect((attempt) => {
    const ranges: PlacedRange<R>[] = others.map((range) => ({ range, at: range.path, place: range.place }));
    for (const [i, item] of items.entries()) {
      const at = [...path, i];
      attempt(() => ranges.push({ range: check(item, at), at }));
    }
    ranges.sort((a, b) => a.range.start - b.range.start);
    const furthest = new Map<unknown, PlacedRange<R>>();
    for (const here of ranges) {
      const key = group(here.range);
      const before = furthest.get(key);
      if (before === undefined || endOf(before.range) < endOf(here.range)) furthest.set(key, here);
      if (before !== undefined && endOf(before.range) > here.range.start) attempt(() => refuseOverlap(here, before));
    }
    return ranges.map(({ range }) => range);
  });
}

function endOf({ start, count }: Range): number {
  return start + count;
}

function refuseOverlap(here: PlacedRange<Range>, before: PlacedRange<Range>): never {
  const { start } = here.range;
  const numbers = `(${before.range.start}..${endOf(before.range) - 1})`;
  const overlapped = `${formatPath(before.at)} ${before.place === undefined ? numbers : `at ${before.place}`}`;
  if (here.place !== undefined) throw new OptionsError([...here.at, 'at'], `${here.place} overlaps ${overlapped}`);
  throw new OptionsError([...here.at, 'start'], `the block at ${start} overlaps ${overlapped}`);
}

/** A checked block. */
export interface FilledRange<Value> extends Range {
  readonly values: readonly Value[];
}

/** A block whose keys have been checked. */
interface CheckedBlock<Value> {
  readonly start: number;
  readonly count: number | undefined;
  readonly value: Value | undefined;
  readonly values: readonly Value[] | undefined;
}

/** Expands the values of a checked block. */
export function fillBlock<Value>(
  { start, count = 0, value, values }: CheckedBlock<Value>,
  zero: Value,
): FilledRange<Value> {
  if (values !== undefined) return { start, count: values.length, values };
  return { start, count, values: new Array<Value>(count).fill(value ?? zero) };
}

/**
 * Checks of a block's keys. `checkValue` returns a value in its stored form; `path` leads to the block.
 * @param size how many addresses each value takes.
 */
export function blockChecks<Stored>(
  numbering: Numbering,
  checkValue: (value: unknown, path: Path) => Stored,
  path: Path,
  size = 1,
): ChecksTo<CheckedBlock<Stored>> {
  const room = ({ start }: UncheckedOptions) => Math.max(1, Math.floor(roomFrom(start, numbering) / size));
  return {
    start: (found, at) => checkInteger(found, numbering.first, numbering.end - size, at),
    count: (found, at, options) => {
      if (options.values !== undefined) return refuseBesideValues(found, 'count', at);
      if (found === undefined) throw new OptionsError(path, 'give count, or values');
      return checkInteger(found, 1, room(options), at);
    },
    value: (found, at, { values }) => {
      if (values !== undefined) return refuseBesideValues(found, 'value', at);
      return found === undefined ? undefined : checkValue(found, at);
    },
    values: optional((found, at, options) => {
      const most = room(options);
      const { length } = checkArray(found, at);
      if (length < 1 || length > most) throw new OptionsError(at, `expected 1 to ${most} values, found ${length}`);
      return checkList(found, at, checkValue);
    }),
  };
}

function refuseBesideValues(found: unknown, key: string, path: Path): undefined {
  if (found !== undefined) throw new OptionsError(path, `give either ${key} or values, not both`);
}
