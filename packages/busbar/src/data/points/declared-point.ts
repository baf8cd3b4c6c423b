import type { Path } from '../../checks.js';
import type { Codec } from './codec.js';
import type { Coding } from './create-codec.js';
import type { PointPlace } from './place.js';

/** The checked options of a point. */
export interface DeclaredPoint extends Coding {
  readonly name: string;
  /** Where it is declared. */
  readonly path: Path;
  readonly place: PointPlace;
  readonly codec: Codec;
  readonly description: string | undefined;
  /** The values that clients may write. */
  readonly min: number | bigint | undefined;
  readonly max: number | bigint | undefined;
  readonly readOnly: boolean;
  readonly whole: boolean;
  /** Its registers, or its bit, at the start; undefined if no value is given. */
  readonly initial: readonly number[] | undefined;
}
