import type { Path } from '../../checks.js';
import type { Codec } from './codec.js';
import type { Coding } from './create-codec.js';
import type { Bounds } from './limits.js';
import type { PointPlace } from './place.js';
import type { PointOptions } from './point-options.js';

/** The checked options of a point. */
export interface DeclaredPoint extends Coding {
  readonly name: string;
  /** Where it is declared. */
  readonly path: Path;
  readonly place: PointPlace;
  readonly codec: Codec;
  readonly description: string | undefined;
  readonly min: number | bigint | undefined;
  readonly max: number | bigint | undefined;
  /** What clients may write, as its registers can hold it; undefined: everything. */
  readonly limits: Bounds | undefined;
  readonly readOnly: boolean;
  readonly whole: boolean;
  /** The options that make the same point, without its value, in any unit. */
  readonly given: PointOptions;
  /** Its registers, or its bit, at the start; undefined if no value is given. */
  readonly initial: readonly number[] | undefined;
}
