import { formatPath } from 'busbar';
import { entries, numberAt, valueAt } from './parts.js';
import type { Problem } from './problems.js';

/** Why values are kept or shared, but not both. */
export const EXCLUDED =
  'an image lasts in Redis, and what a store of this machine brings back would be older than that: leave one of them out';

/** Values that are to be kept and shared, and units that a store or an image cannot tell apart. */
export function lastingProblems(config: unknown): Problem[] {
  const [keep, share] = ['keep', 'share'].map((key) => valueAt(config, key) !== undefined);
  return [
    ...(keep && share
      ? [{ path: ['share'], atKey: true, message: `keep and share exclude each other: ${EXCLUDED}` }]
      : []),
    ...(keep ? sameIds(config, 'keep', 'a store keeps') : []),
    ...(share && !keep ? sameIds(config, 'share', 'an image has') : []),
  ];
}

function sameIds(config: unknown, key: 'keep' | 'share', what: string): Problem[] {
  const units = entries(config, 'units');
  const ids = units.map((unit) => (valueAt(unit, key) === false ? undefined : numberAt(unit, 'id')));
  return ids.flatMap((id, i) => {
    const first = id === undefined ? i : ids.indexOf(id);
    if (first === i) return [];
    const message = `${formatPath(['units', first])} has the id ${id}, too, and ${what} only one of them: add \`${key}: false\` to the other`;
    return [{ path: ['units', i, 'id'], message }];
  });
}
