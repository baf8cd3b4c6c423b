import { anything, checkOptions, oneOf, type Path, passing, show } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Numbering } from '../protocol/address-range.js';
import { type Block, blockChecks, type FilledRange, fillBlock } from './blocks.js';
import { NUMBER_TYPES, NUMBERS, type NumberType, toRegisters } from './number-types.js';
import { type ByteOrderName, checkByteOrder } from './typed-values.js';

export type BitBlock = Block<boolean | 0 | 1>;

/** 64-bit integers are bigints, or numbers that are exact. */
type NumberIn<Type extends NumberType> = Type extends 'int64' | 'uint64' ? number | bigint : number;

/** What the values of a block are, and the order of their bytes, by default `ABCD`. */
interface Typed<Type extends NumberType> {
  readonly type: Type;
  readonly order?: ByteOrderName | undefined;
}

/** Numbers that span registers, or have a sign. `start` counts registers; `count` counts numbers. */
export type TypedBlock = { [Type in NumberType]: Typed<Type> & Block<NumberIn<Type>> }[NumberType];

/** Registers as they are, 0..65535, or numbers of a `type`. */
export type RegisterBlock = (Block<number> & { readonly type?: undefined; readonly order?: undefined }) | TypedBlock;

export function checkBitBlock(block: unknown, numbering: Numbering, path: Path): FilledRange<number> {
  return fillBlock(checkOptions(block, blockChecks(numbering, checkBit, path), path), 0);
}

export function checkRegisterBlock(block: unknown, numbering: Numbering, path: Path): FilledRange<number> {
  if (isTyped(block)) return checkTyped(block, numbering, path);
  const checks = { ...blockChecks(numbering, checkPlain, path), type: anything, order: refuseOrder };
  return fillBlock(checkOptions(block, checks, path), 0);
}

function refuseOrder(order: unknown, path: Path): void {
  if (order !== undefined) throw new OptionsError(path, `give the type as well, such as type: 'float32'`);
}

function checkBit(value: unknown, path: Path): number {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  throw new OptionsError(path, `expected true, false, 1 or 0, found ${show(value)}`);
}

/** A register of a block without a type. */
function checkPlain(value: unknown, path: Path): number {
  if (NUMBERS.uint16.fits(value)) return Number(value);
  const type = NUMBER_TYPES.find((each) => NUMBERS[each].fits(value));
  const advice = type === undefined ? '' : `; a block with type: '${type}' takes it`;
  throw new OptionsError(path, `expected ${NUMBERS.uint16.expected}, found ${show(value)}${advice}`);
}

function isTyped(block: unknown): block is { readonly type: unknown } {
  return typeof block === 'object' && block !== null && 'type' in block && block.type !== undefined;
}

const checkType = oneOf(NUMBER_TYPES);

function checkTyped(block: { readonly type: unknown }, numbering: Numbering, path: Path): FilledRange<number> {
  const known = passing(() => checkType(block.type, path));
  const size = known === undefined ? 1 : NUMBERS[known].registers;
  const checks = { ...blockChecks(numbering, checkNumber(known), path, size), type: checkType, order: checkByteOrder };
  const { type, order, ...given } = checkOptions(block, checks, path);
  const { start, values } = fillBlock(given, 0);
  const words = values.flatMap((value) => toRegisters(NUMBERS[type], value, order));
  return { start, count: words.length, values: words };
}

/** @param type undefined: it is wrong, which is a problem of its own. */
function checkNumber(type: NumberType | undefined): (value: unknown, path: Path) => number | bigint {
  return (value, path) => {
    if (type === undefined) return 0;
    const { fits, expected } = NUMBERS[type];
    if (fits(value)) return value;
    throw new OptionsError(path, `expected ${expected}, found ${show(value)}`);
  };
}
