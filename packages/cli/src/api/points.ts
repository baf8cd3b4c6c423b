import type { Point, PointValue, Unit } from 'busbar';
import type { SimulatedUnit } from 'busbar-simulator';
import type { Device } from '../device/device.js';
import { moverOf } from '../log/movers.js';
import type { Mover } from '../log/point-table.js';
import type { Point as PointJson, Value } from './contract.js';
import { numberToJson, valueFor, valueToJson } from './json.js';
import type { LastChanges } from './last-changes.js';
import { API_SOURCE } from './sources.js';
import { keyOf } from './units.js';

/** The value in memory; null if that holds none of the point's type. */
export function presentValue(point: Point): Value | null {
  try {
    return valueToJson(point.value);
  } catch {
    return null;
  }
}

export function pointToJson(unit: Unit, point: Point, device: Device, changes: LastChanges): PointJson {
  const { name, table, address, reference, place, quantity, type, order, labels, readOnly, text, raw } = point;
  return {
    unit: keyOf(unit, device.units),
    name,
    table,
    address,
    reference,
    place,
    quantity,
    type,
    order,
    ...optional(point),
    ...(labels && { labels: { ...labels } }),
    readOnly,
    ...simulated(device.setup.lives, point),
    value: presentValue(point),
    text,
    raw: [...raw],
    changed: changes.of(point),
  };
}

/** What not every point has. */
function optional({ bit, scale, offset, unit: measure, description, min, max }: Point) {
  return {
    ...(bit !== undefined && { bit }),
    ...(scale !== undefined && { scale }),
    ...(offset !== undefined && { offset }),
    ...(measure !== undefined && { measure }),
    ...(description !== undefined && { description }),
    ...(min !== undefined && { min: numberToJson(min) }),
    ...(max !== undefined && { max: numberToJson(max) }),
  };
}

/** The movers of the simulations that a device has had. */
const MOVERS = new WeakMap<readonly SimulatedUnit[], Mover>();

function simulated(lives: readonly SimulatedUnit[], point: Point) {
  const mover = MOVERS.get(lives) ?? moverOf(lives);
  MOVERS.set(lives, mover);
  const words = mover(point);
  return words === undefined ? {} : { simulated: words };
}

/** Writes a point within its type and its limits. @throws DataError, ApiProblem */
export function writePoint(unit: Unit, point: Point, value: Value): void {
  const wanted: PointValue = valueFor(point, value);
  point.check(wanted);
  unit.as(API_SOURCE, () => {
    point.value = wanted;
  });
}
