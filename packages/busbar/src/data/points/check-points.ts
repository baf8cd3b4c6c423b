import {
  anything,
  type Check,
  type ChecksTo,
  checkBoolean,
  checkEntries,
  checkOptions,
  checkString,
  collect,
  integer,
  oneOf,
  optional,
  type Path,
  show,
  withDefault,
} from '../../checks.js';
import { OptionsError } from '../../errors.js';
import { ADDRESS_COUNT } from '../../protocol/limits.js';
import { checkByteOrder } from '../typed-values.js';
import { checkCoding } from './check-coding.js';
import type { Codec } from './codec.js';
import { createCodec } from './create-codec.js';
import type { CheckedPoint, DeclaredPoint } from './declared-point.js';
import { checkLabels } from './labels.js';
import { type Bounds, checkBounds, encodeOption, isWithin } from './limits.js';
import { checkPlace } from './parse-place.js';
import { nameOf, type PointPlace } from './place.js';
import { POINT_TYPES, type PointType } from './point-options.js';

const checkNumber: Check<number> = (value, path) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new OptionsError(path, `expected a number, found ${show(value)}`);
};

const checkBound: Check<number | bigint> = (value, path, options) =>
  typeof value === 'bigint' ? value : checkNumber(value, path, options);

function pointChecks(first: 0 | 1): ChecksTo<CheckedPoint> {
  return {
    at: (at, path) => checkPlace(at, first, path),
    type: optional(oneOf(POINT_TYPES)),
    order: optional(checkByteOrder),
    scale: optional((scale, path, options) => {
      if (scale === 0) throw new OptionsError(path, 'expected a number other than 0');
      return checkNumber(scale, path, options);
    }),
    offset: optional(checkNumber),
    length: optional(integer(1, ADDRESS_COUNT)),
    padding: optional(oneOf(['nul', 'space'])),
    labels: optional(checkLabels),
    unit: optional(checkString),
    description: optional(checkString),
    min: optional(checkBound),
    max: optional(checkBound),
    value: anything,
    readOnly: withDefault(checkBoolean, false),
    whole: withDefault(checkBoolean, false),
  };
}

/**
 * Checks points by name. Collects all problems.
 * @param first the number of the first item of a table, in places.
 */
export function checkPoints(points: unknown, first: 0 | 1, path: Path): DeclaredPoint[] {
  if (points === undefined) return [];
  const checks = pointChecks(first);
  const declared = checkEntries(points, path, (options, at) => {
    const name = String(at.at(-1));
    if (/^[a-z][\w-]*$/i.test(name)) return declare(name, checkOptions(options, checks, at), first, at);
    throw new OptionsError(at, 'expected a name of letters, digits, _ and -, with a letter first');
  });
  return [...declared.values()];
}

function declare(name: string, options: CheckedPoint, first: number, path: Path): DeclaredPoint {
  const coding = checkCoding(options, first, path);
  const codec = createCodec(coding);
  return collect((attempt) => {
    attempt(() => checkRoom(options.at, codec, first, path));
    let limits: Bounds | undefined;
    let initial: number[] | undefined;
    attempt(() => {
      limits = checkLimits(options, coding.type, codec, path);
    });
    attempt(() => {
      if (options.value !== undefined) initial = checkInitial(options.value, codec, limits, [...path, 'value']);
    });
    return { name, path, options, coding, codec, limits, initial };
  });
}

/** @returns what clients may write; undefined: everything. */
function checkLimits(options: CheckedPoint, type: PointType, codec: Codec, path: Path): Bounds | undefined {
  const { min, max, labels } = options;
  const isFloat = type === 'float32' || type === 'float64';
  if (min !== undefined || max !== undefined) return checkBounds({ min, max }, codec, isFloat, path);
  return labels === undefined || type === 'bits' ? undefined : { min, max };
}

function checkRoom({ table, address }: PointPlace, { quantity }: Codec, first: number, path: Path): void {
  if (address + quantity <= ADDRESS_COUNT) return;
  const range = `${quantity} registers from ${nameOf({ table, address }, first)} on`;
  throw new OptionsError([...path, 'at'], `${range} would end behind ${ADDRESS_COUNT - 1 + first}, the last address`);
}

function checkInitial(value: unknown, codec: Codec, bounds: Bounds | undefined, path: Path): number[] {
  const words = encodeOption(value, codec, path);
  if (bounds === undefined || isWithin(bounds, codec, words)) return words;
  const { min = '…', max = '…' } = bounds;
  throw new OptionsError(path, `${show(value)} is outside the limits of the point, ${min} to ${max}`);
}
