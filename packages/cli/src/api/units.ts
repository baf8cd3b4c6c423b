import { type Point, TABLE_NAMES, type TableName, type Unit } from 'busbar';
import type { Device } from '../device/device.js';
import { didYouMean } from '../ground/suggest.js';
import type { Unit as UnitJson, UnitKey } from './contract.js';
import { listenerName } from './listener-name.js';
import { ApiProblem } from './problem.js';

/** What paths take for a unit: its id, or its name where several have the id. */
export function keyOf(unit: Unit, units: readonly Unit[]): UnitKey {
  const isAlone = units.every(({ id }, i) => id !== unit.id || units[i] === unit);
  return isAlone ? unit.id : (unit.name ?? unit.id);
}

/** The unit that a path names by its id or its name. @throws ApiProblem */
export function unitOf(key: UnitKey, { units }: Pick<Device, 'units'>): Unit {
  const text = String(key);
  const byId = units.filter(({ id }) => String(id) === text);
  const [unit, other] = byId.length > 0 ? byId : units.filter(({ name }) => name === text);
  if (unit !== undefined && other === undefined) return unit;
  const allowed = units.map((each) => String(keyOf(each, units)));
  if (other !== undefined) throw new ApiProblem(404, `several units are ${text}: name one of them`, { allowed });
  throw new ApiProblem(404, `there is no unit ${text}${didYouMean(text, allowed)}`, { allowed });
}

/** @throws ApiProblem */
export function pointOf(unit: Unit, name: string): Point {
  const point = Object.hasOwn(unit.points, name) ? unit.points[name] : undefined;
  if (point !== undefined) return point;
  const allowed = Object.keys(unit.points);
  const place = unit.name === undefined ? `unit ${unit.id}` : `unit ${unit.id} (${unit.name})`;
  throw new ApiProblem(404, `${place} has no point "${name}"${didYouMean(name, allowed)}`, { allowed });
}

export function unitToJson(unit: Unit, { units, boundServers }: Device): UnitJson {
  const rangesOf = (table: TableName) => unit[table].ranges.map(({ start, count }) => ({ start, count }));
  return {
    key: keyOf(unit, units),
    id: unit.id,
    ...(unit.name !== undefined && { name: unit.name }),
    points: Object.keys(unit.points).length,
    tables: Object.fromEntries(TABLE_NAMES.map((table) => [table, rangesOf(table)])) as UnitJson['tables'],
    listeners: boundServers.filter((bound) => bound.units.includes(unit)).map(listenerName),
  };
}
