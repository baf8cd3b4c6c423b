import type { Path } from '../../checks.js';
import type { ByteOrder } from '../typed-values.js';
import type { Codec } from './codec.js';
import type { Coding } from './create-codec.js';
import type { Labels } from './labels.js';
import type { Bounds } from './limits.js';
import type { PointPlace } from './place.js';
import type { PointDeclarations, PointType } from './point-options.js';

/** The options of a point, checked one by one. */
export interface CheckedPoint extends Bounds {
  readonly at: PointPlace;
  /** Undefined, here and below: not given. */
  readonly type: PointType | undefined;
  readonly order: ByteOrder | undefined;
  readonly scale: number | undefined;
  readonly offset: number | undefined;
  readonly length: number | undefined;
  readonly padding: 'nul' | 'space' | undefined;
  readonly labels: Labels | undefined;
  readonly unit: string | undefined;
  readonly description: string | undefined;
  readonly value: unknown;
  readonly readOnly: boolean;
  readonly whole: boolean;
}

/** A point whose options fit each other. */
export interface DeclaredPoint {
  readonly name: string;
  /** Where it is declared. */
  readonly path: Path;
  readonly options: CheckedPoint;
  readonly coding: Coding;
  readonly codec: Codec;
  /** What clients may write, as its registers can hold it; undefined: everything. */
  readonly limits: Bounds | undefined;
  /** Its registers, or its bit, at the start; undefined if no value is given. */
  readonly initial: readonly number[] | undefined;
}

/** Options that make the same points, without their values, in any unit. */
export function optionsOf(points: readonly DeclaredPoint[]): PointDeclarations {
  return Object.fromEntries(
    points.map(({ name, options }) => [name, { ...options, labels: recordOf(options.labels), value: undefined }]),
  );
}

/** Labels as they are given. */
export function recordOf(labels: Labels | undefined): Record<string, string> | undefined {
  return labels && Object.fromEntries([...labels].map(([number, label]) => [String(number), label]));
}
