import { show } from '../../checks.js';
import { DataError } from '../../errors.js';
import type { PointValue } from './point-options.js';

/** How the values of a point stand in its registers, or in its one bit (0 or 1). */
export interface Codec {
  /** Number of registers or bits. */
  readonly quantity: number;
  /** @throws DataError `INVALID_VALUE` if they hold no value of the type. */
  decode(words: readonly number[]): PointValue;
  /** @throws DataError `INVALID_VALUE` if it is no value of the type, or does not fit. */
  encode(value: unknown): number[];
  /** The value for people. Never throws. */
  describe(words: readonly number[]): string;
}

/** A value that a point cannot take. */
export function unfit(expected: string, found: unknown): DataError {
  return new DataError('INVALID_VALUE', `expected ${expected}, found ${show(found)}`);
}
