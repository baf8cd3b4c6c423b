import { show } from '../checks.js';
import { DataError } from '../errors.js';
import { NUMBER_TYPES, NUMBERS, type NumberType, toRegisters } from './number-types.js';
import type { ByteOrder } from './typed-values.js';
import { fillBytes } from './words.js';

/** How many registers a number of this type takes: 1, 2 or 4. @throws DataError `INVALID_VALUE` for an unknown type. */
export function registersOf(type: NumberType): number {
  return formOf(type).registers;
}

/**
 * The numbers that registers hold, one behind the other. Those of 64-bit integers are bigints.
 *
 * @param words registers, 0..65535; as many as whole numbers take.
 * @throws DataError `INVALID_VALUE` for an unknown type or order, and for registers that are left over.
 */
export function decodeNumbers(
  words: readonly number[],
  type: NumberType,
  order: ByteOrder = 'ABCD',
): (number | bigint)[] {
  const { registers, read } = formOf(type);
  if (words.length % registers !== 0) {
    throw invalid(`${type}: expected a multiple of ${registers} registers, found ${words.length}`);
  }
  const bytes = new Uint8Array(2 * registers);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: words.length / registers }, (_, i) => {
    fillBytes(bytes, words.slice(i * registers, (i + 1) * registers), order);
    return read(view);
  });
}

/**
 * The registers of numbers, one behind the other. 64-bit integers may be numbers up to 2^53 - 1.
 *
 * @throws DataError `INVALID_VALUE` for an unknown type or order, and for a number that does not fit.
 */
export function encodeNumbers(
  values: readonly (number | bigint)[],
  type: NumberType,
  order: ByteOrder = 'ABCD',
): number[] {
  const form = formOf(type);
  return values.flatMap((value) => {
    if (form.fits(value)) return toRegisters(form, value, order);
    throw invalid(`${type}: expected ${form.expected}, found ${show(value)}`);
  });
}

function formOf(type: NumberType) {
  if (Object.hasOwn(NUMBERS, type)) return NUMBERS[type];
  throw invalid(`expected one of ${NUMBER_TYPES.join(', ')}, found ${show(type)}`);
}

function invalid(problem: string): DataError {
  return new DataError('INVALID_VALUE', problem);
}
