import { NUMBER_TYPES, type NumberType } from '../number-types.js';
import type { ByteOrderName } from '../typed-values.js';
import type { PointPlace } from './place.js';

/**
 * What a point holds. `bool` is a coil, a discrete input, or one bit of a register; all others take whole registers.
 * `bcd` are four decimal digits to a register, `bits` a set of named bits, `unixTime` seconds since 1970 in two
 * registers, `raw` registers as they are.
 */
export type PointType = NumberType | 'bool' | 'string' | 'bcd' | 'bits' | 'unixTime' | 'raw';

export const POINT_TYPES: readonly PointType[] = ['bool', ...NUMBER_TYPES, 'string', 'bcd', 'bits', 'unixTime', 'raw'];

/** The value of a point of any type. */
export type PointValue = boolean | number | bigint | string | readonly string[] | readonly number[];

/** A named, typed value of a unit. It makes its addresses exist. */
export interface PointOptions {
  /**
   * Where it is: `holding 0`, `input 0x10`, `coil 3`, `discrete 0`, `holding 30.0` (one bit of a register), 40001,
   * `4x0001`, `%MW0` …
   */
  readonly at: string | number | PointPlace;
  /** Default: `bool` for a single bit, else `uint16`. */
  readonly type?: PointType | undefined;
  /** Default ABCD, the order of the Modbus documents. */
  readonly order?: ByteOrderName | undefined;
  /** value = raw * scale + offset, in decimal: raw 215 at scale 0.1 is 21.5. */
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
  /** Registers: of `string` and `raw`, which need it; of `bcd`, 1 to 3, default 1; of `bits`, 1 to 4, default 1. */
  readonly length?: number | undefined;
  /** What fills a `string` behind its text. Default `nul`. */
  readonly padding?: 'nul' | 'space' | undefined;
  /** Of whole numbers: the values are the labels. Of `bits`: the names of the bits, 0 is the least significant. */
  readonly labels?: Readonly<Record<number, string>> | undefined;
  /** Unit of measure, for people. */
  readonly unit?: string | undefined;
  readonly description?: string | undefined;
  /** The least value that clients may write, after scaling. */
  readonly min?: number | bigint | undefined;
  readonly max?: number | bigint | undefined;
  /** Initial value, after scaling. Default: all bits are 0. */
  readonly value?: PointValue | undefined;
  /** Clients cannot write it. */
  readonly readOnly?: boolean | undefined;
  /** A client that writes it must write all of its registers at once. */
  readonly whole?: boolean | undefined;
}

/** Points by name: letters, digits, `_` and `-`, a letter first. */
export type PointDeclarations = Readonly<Record<string, PointOptions>>;
