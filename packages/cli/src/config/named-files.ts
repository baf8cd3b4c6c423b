import { resolve } from 'node:path';
import { entries, valueAt } from './parts.js';

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
