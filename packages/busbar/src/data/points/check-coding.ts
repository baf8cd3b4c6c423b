import { collect, type Path } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import { ADDRESS_COUNT } from '../../protocol/limits.js';
import { NUMBER_TYPES, NUMBERS } from '../number-types.js';
import type { Coding } from './create-codec.js';
import type { CheckedPoint } from './declared-point.js';
import { checkBitNames, checkLabelled } from './labels.js';
import { hasRegisters, nameOf } from './place.js';
import type { PointType } from './point-options.js';

/** Options that only some types have. */
const SPECIAL = ['order', 'scale', 'offset', 'length', 'padding', 'labels', 'min', 'max'] as const;
type Special = (typeof SPECIAL)[number];

const NUMBER = ['order', 'scale', 'offset', 'min', 'max'] as const;
const WHOLE_NUMBER = [...NUMBER, 'labels'] as const;

const TAKEN: Readonly<Record<PointType, readonly Special[]>> = {
  bool: [],
  int16: WHOLE_NUMBER,
  uint16: WHOLE_NUMBER,
  int32: WHOLE_NUMBER,
  uint32: WHOLE_NUMBER,
  int64: WHOLE_NUMBER,
  uint64: WHOLE_NUMBER,
  float32: NUMBER,
  float64: NUMBER,
  string: ['order', 'length', 'padding'],
  bcd: [...NUMBER, 'length'],
  bits: ['order', 'length', 'labels'],
  unixTime: ['order', 'min', 'max'],
  raw: ['length'],
};

/** The greatest length, and the one in its absence: without it, the length must be given. */
const LENGTHS: Readonly<Partial<Record<PointType, { readonly max: number; readonly absent?: number }>>> = {
  string: { max: ADDRESS_COUNT },
  raw: { max: ADDRESS_COUNT },
  bcd: { max: 3, absent: 1 },
  bits: { max: 4, absent: 1 },
};

/**
 * Checks that the options fit the place and each other. Collects all problems.
 * @param first the number of the first item of a table, for advice.
 */
export function checkCoding(options: CheckedPoint, first: number, path: Path): Coding {
  const isBit = options.at.bit !== undefined || !hasRegisters(options.at.table);
  const type = options.type ?? (isBit ? 'bool' : 'uint16');
  const order = options.order ?? 'ABCD';
  const { scale, offset, labels, unit, padding = 'nul' } = options;
  return collect((attempt) => {
    attempt(() => checkType(type, isBit, nameOf(options.at, first), path));
    for (const key of SPECIAL) attempt(() => checkSpecial(options, type, key, path));
    const length = LENGTHS[type]?.absent ?? 1;
    const coding = { type, order, scale, offset, length: options.length ?? length, padding, labels, unit };
    attempt(() => checkLength(options.length, type, path));
    attempt(() => checkOrder(coding, path));
    attempt(() => checkLabelsOf(coding, path));
    return coding;
  });
}

function checkType(type: PointType, isBit: boolean, name: string, path: Path): void {
  if (isBit === (type === 'bool')) return;
  const advice = isBit
    ? 'is one bit: leave out the type, or write bool'
    : `is a register: for one bit, write "${name}.0"`;
  throw new OptionsError([...path, 'type'], `${name} ${advice}`);
}

function checkSpecial(options: CheckedPoint, type: PointType, key: Special, path: Path): void {
  if (options[key] === undefined) return;
  if (!TAKEN[type].includes(key)) throw new OptionsError([...path, key], `a point of type ${type} has no ${key}`);
  if (options.labels === undefined || key === 'order' || key === 'length' || key === 'labels') return;
  throw new OptionsError([...path, key], `the values are the labels: leave out ${key}`);
}

function checkLength(length: number | undefined, type: PointType, path: Path): void {
  const limits = LENGTHS[type];
  if (limits === undefined) return;
  if (length === undefined && limits.absent === undefined) {
    throw new OptionsError([...path, 'length'], `a point of type ${type} needs a length, in registers`);
  }
  if (length !== undefined && length > limits.max) {
    throw new OptionsError([...path, 'length'], `expected an integer from 1 to ${limits.max}, found ${length}`);
  }
}

/** The bytes of a text may be swapped within each register, but its registers stay in order. */
function checkOrder({ type, order }: Coding, path: Path): void {
  if (type !== 'string' || order === 'ABCD' || order === 'BADC') return;
  throw new OptionsError([...path, 'order'], `expected ABCD or BADC for a string, found ${order}`);
}

function checkLabelsOf({ type, length, labels }: Coding, path: Path): void {
  const at = [...path, 'labels'];
  const number = NUMBER_TYPES.find((each) => each === type);
  if (labels === undefined) return;
  if (type === 'bits') {
    checkLabelled(labels, 0, 16 * length - 1, at);
    checkBitNames(labels, at);
  }
  if (number !== undefined) checkLabelled(labels, NUMBERS[number].min, NUMBERS[number].max, at);
}
