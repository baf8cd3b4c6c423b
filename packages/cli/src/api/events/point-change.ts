import type { Point } from 'busbar';
import type { PointChange, UnitKey } from '../contract.js';
import { presentValue } from '../points.js';

/** A point as it is now. */
export function pointChange(point: Point, unit: UnitKey, { time, by }: { time: number; by: string }): PointChange {
  const { name, text, raw } = point;
  return { unit, name, value: presentValue(point), text, raw: [...raw], time, by };
}
