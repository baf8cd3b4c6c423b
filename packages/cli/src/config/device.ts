import type { UnitOptions } from 'busbar';
import { behaviour } from './schema-behaviour.js';

/** Keys of a unit that say what it does, not what it has. */
const BEHAVIOUR = Object.keys(behaviour);

/** What the library takes of an unchecked unit: everything except its behaviour. */
export function deviceOf(unit: unknown): UnitOptions {
  const device = without(unit, BEHAVIOUR);
  if (!isMap(device) || !isMap(device.points)) return device as UnitOptions;
  const points = Object.entries(device.points).map(([name, point]) => [name, without(point, ['simulate'])]);
  return { ...(device as UnitOptions & typeof device), points: Object.fromEntries(points) };
}

function without(owner: unknown, keys: readonly string[]): unknown {
  if (!isMap(owner)) return owner;
  return Object.fromEntries(Object.entries(owner).filter(([key]) => !keys.includes(key)));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
