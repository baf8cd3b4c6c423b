import { NUMBER_TYPES, type NumberType } from '../number-types.js';

/**
 * What a point holds. `bool` is a coil, a discrete input, or one bit of a register; all others take whole registers.
 * `bcd` are four decimal digits to a register, `bits` a set of named bits, `unixTime` seconds since 1970 in two
 * registers, `raw` registers as they are.
 */
export type PointType = NumberType | 'bool' | 'string' | 'bcd' | 'bits' | 'unixTime' | 'raw';

export const POINT_TYPES: readonly PointType[] = ['bool', ...NUMBER_TYPES, 'string', 'bcd', 'bits', 'unixTime', 'raw'];

/** The value of a point of any type. */
export type PointValue = boolean | number | bigint | string | readonly string[] | readonly number[];
