import { parseDuration } from 'busbar-simulator';
import { valueAt } from './parts.js';
import type { Problem } from './problems.js';

/** The shortest and the longest time that the library takes. */
type Bounds = Readonly<Record<string, readonly [shortest: string, longest: string]>>;

/** Durations of a key that the library does not take: it has whole milliseconds within bounds. */
export function durationProblems(config: unknown, key: 'keep' | 'share', bounds: Bounds): Problem[] {
  return Object.entries(bounds).flatMap(([name, [shortest, longest]]) => {
    const value = valueAt(valueAt(config, key), name);
    const time = milliseconds(value);
    if (time === undefined) return [];
    if (Number.isInteger(time) && time >= parseDuration(shortest) && time <= parseDuration(longest)) return [];
    const message = `expected ${shortest} to ${longest} in whole milliseconds, found "${value}"`;
    return [{ path: [key, name], message }];
  });
}

/** Undefined for what is no duration, which the schema reports. */
function milliseconds(value: unknown): number | undefined {
  try {
    return parseDuration(value);
  } catch {
    return undefined;
  }
}
