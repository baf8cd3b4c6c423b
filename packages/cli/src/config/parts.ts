import { resolve } from 'node:path';

// Looks into a config that has not been checked yet.

export function valueAt(owner: unknown, key: string | number): unknown {
  return typeof owner === 'object' && owner !== null && Object.hasOwn(owner, key) ? Reflect.get(owner, key) : undefined;
}

export function numberAt(owner: unknown, key: string): number | undefined {
  const value = valueAt(owner, key);
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

export function entries(owner: unknown, key: string | number | undefined): readonly unknown[] {
  const value = valueAt(owner, String(key));
  return Array.isArray(value) ? value : [];
}

/** The files of the units of an unchecked config: scripts, and recorded values. @param folder in which they are looked up. */
export function namedFiles(config: unknown, folder: string): string[] {
  const names = entries(config, 'units').flatMap((unit) => [
    valueAt(unit, 'script'),
    ...replays(valueAt(unit, 'points')),
  ]);
  return names.flatMap((name) => (typeof name === 'string' ? resolve(folder, name) : []));
}

function replays(points: unknown): unknown[] {
  if (typeof points !== 'object' || points === null) return [];
  return Object.values(points).map((point) => valueAt(valueAt(valueAt(point, 'simulate'), 'replay'), 'file'));
}
