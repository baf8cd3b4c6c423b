import type { Point } from 'busbar';
import type { Value } from '../value.js';

/** What a point holds, with large integers as numbers. @throws DataError if it holds no value of its type. */
export function readPoint(point: Point): Value {
  return plainValue(point.value);
}

export function plainValue(value: Point['value']): Value {
  return typeof value === 'bigint' ? Number(value) : value;
}
