import type { Point } from './point.js';
import type { PointValue } from './point-options.js';

/** The value of a point before and after a change. */
export interface ChangedPoint {
  readonly point: Point;
  /** Undefined: memory holds no value of the point's type. */
  readonly value: PointValue | undefined;
  readonly previous: PointValue | undefined;
}

/** A point that has been written, with its registers or its bit before and after. */
export interface WrittenPoint {
  readonly point: Point;
  readonly words: readonly number[];
  readonly previous: readonly number[];
}

/** Writes points. @param store writes them all. */
export function observe(points: readonly Point[], store: () => void): WrittenPoint[] {
  const previous = points.map(({ raw }) => raw);
  store();
  return points.map((point, i) => ({ point, words: point.raw, previous: previous[i] }));
}

/** A point that another thread has written. @param change what it has reported. */
export function recall(
  point: Point,
  change: { readonly address: number; readonly values: Items; readonly previous: Items },
): WrittenPoint {
  const { address, values, previous } = change;
  return { point, words: laidOver(point, address, values), previous: laidOver(point, address, previous) };
}

type Items = readonly (number | boolean)[];

/** What the point's registers or its bit are with the items in their places. */
export function laidOver(point: Point, start: number, items: Items): number[] {
  const { address, bit } = point.stored;
  if (bit !== undefined) return [(Number(items[address - start]) >> bit) & 1];
  const first = address - start;
  const isWhole = first >= 0 && first + point.quantity <= items.length;
  const words = isWhole ? new Array<number>(point.quantity) : [...point.raw];
  const end = Math.min(words.length, items.length - first);
  for (let i = Math.max(0, -first); i < end; i++) words[i] = Number(items[first + i]);
  return words;
}

export function hasChanged({ words, previous }: WrittenPoint): boolean {
  return words.some((word, i) => word !== previous[i]);
}

/** The values of a point that has been written, for its events. */
export function valuesOf({ point, words, previous }: WrittenPoint): ChangedPoint {
  return { point, value: decoded(point, words), previous: decoded(point, previous) };
}

function decoded(point: Point, words: readonly number[]): PointValue | undefined {
  try {
    return point.decode(words);
  } catch {
    return undefined;
  }
}
