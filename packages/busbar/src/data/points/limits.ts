import { collect, type Path } from '../../checks.js';
import { DataError, OptionsError } from '../../errors.js';
import type { Codec } from './codec.js';

/** What clients may write, after scaling. */
export interface Bounds {
  readonly min: number | bigint | undefined;
  readonly max: number | bigint | undefined;
}

/** Checks a point's `min` and `max`. @returns the bounds as its registers can hold them, if it is a float. */
export function checkBounds({ min, max }: Bounds, codec: Codec, isFloat: boolean, path: Path): Bounds {
  return collect((attempt) => {
    const bounds: { min: Bounds['min']; max: Bounds['max'] } = { min, max };
    for (const key of ['min', 'max'] as const) {
      attempt(() => {
        const bound = bounds[key];
        if (bound === undefined) return;
        const words = encodeOption(bound, codec, [...path, key]);
        // A client that writes 0.1 in single precision writes 0.10000000149.
        if (isFloat) bounds[key] = Number(codec.decode(words));
      });
    }
    if (min !== undefined && max !== undefined && min > max) {
      attempt(() => {
        throw new OptionsError([...path, 'min'], `${min} is above max, ${max}`);
      });
    }
    return bounds;
  });
}

/** The registers, or the bit, of a value in the options. */
export function encodeOption(value: unknown, codec: Codec, path: Path): number[] {
  try {
    return codec.encode(value);
  } catch (error) {
    if (error instanceof DataError) throw new OptionsError(path, error.message);
    throw error;
  }
}

/** Whether registers hold a value of a point's type that is within its bounds. */
export function isWithin({ min, max }: Bounds, codec: Codec, words: readonly number[]): boolean {
  try {
    const value = codec.decode(words);
    if (typeof value !== 'number' && typeof value !== 'bigint') return true;
    return (min === undefined || value >= min) && (max === undefined || value <= max);
  } catch {
    return false;
  }
}

/** `a value from 30 to 80`, `at most 80` */
export function inWords({ min, max }: Bounds): string {
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `a value from ${min} to ${max}`;
}
