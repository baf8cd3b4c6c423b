import { checkOneOf, type Path, show } from '../checks.js';
import { DataError } from '../errors.js';

/**
 * Order of the bytes of a value that spans registers; A is the most significant byte. `ABCD` big-endian (the order of
 * the Modbus documents), `CDAB` registers swapped, `BADC` bytes swapped within each register, `DCBA` little-endian. For
 * 64-bit values the same applies to four registers.
 */
export type ByteOrder = 'ABCD' | 'CDAB' | 'BADC' | 'DCBA';

/** A byte order, or another name for it: `big` ABCD, `little` DCBA, `word-swap` CDAB, `byte-swap` BADC. */
export type ByteOrderName = ByteOrder | 'big' | 'little' | 'word-swap' | 'byte-swap';

const ORDERS: readonly string[] = ['ABCD', 'CDAB', 'BADC', 'DCBA'] satisfies ByteOrder[];

const ORDER_OF: Readonly<Record<ByteOrderName, ByteOrder>> = {
  ABCD: 'ABCD',
  CDAB: 'CDAB',
  BADC: 'BADC',
  DCBA: 'DCBA',
  big: 'ABCD',
  little: 'DCBA',
  'word-swap': 'CDAB',
  'byte-swap': 'BADC',
};

export const BYTE_ORDER_NAMES: readonly ByteOrderName[] = Object.keys(ORDER_OF) as ByteOrderName[];

/** Checks an option; without it, `ABCD`. */
export function checkByteOrder(value: unknown, path: Path): ByteOrder {
  return value === undefined ? 'ABCD' : ORDER_OF[checkOneOf(value, BYTE_ORDER_NAMES, path)];
}

/** Turns big-endian bytes into `order`, or back: each order is its own inverse. */
export function arrange(bytes: Uint8Array, order: ByteOrder): void {
  if (!ORDERS.includes(order)) {
    throw new DataError('INVALID_VALUE', `byte order: expected one of ${ORDERS.join(', ')}, found ${show(order)}`);
  }
  if (order === 'CDAB' || order === 'DCBA') bytes.reverse();
  // Reversing all bytes also swapped them within each register: CDAB undoes that, and BADC is only that.
  if (order === 'CDAB' || order === 'BADC') swapWithinRegisters(bytes);
}

function swapWithinRegisters(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i += 2) [bytes[i], bytes[i + 1]] = [bytes[i + 1], bytes[i]];
}

function invalid(what: string, expected: string, found: unknown): DataError {
  return new DataError('INVALID_VALUE', `${what}: expected ${expected}, found ${show(found)}`);
}

export function requireInteger(value: number, min: number, max: number, what: string): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(what, `an integer from ${min} to ${max}`, value);
  }
}

export function requireBigint(value: bigint, min: bigint, max: bigint, what: string): void {
  if (typeof value !== 'bigint' || value < min || value > max) {
    throw invalid(what, `a bigint from ${min} to ${max}`, value);
  }
}

export function requireBoolean(value: boolean, what: string): void {
  if (typeof value !== 'boolean') throw invalid(what, 'true or false', value);
}

export function requireString(value: string, what: string): void {
  if (typeof value !== 'string') throw invalid(what, 'a string', value);
}

export function requireFloat64(value: number): void {
  if (typeof value !== 'number') throw invalid('float64', 'a number', value);
}

/** Refuses numbers that are too large for single precision; infinity itself is allowed. */
export function requireFloat32(value: number): void {
  const fits = typeof value === 'number' && Number.isFinite(value) === Number.isFinite(Math.fround(value));
  if (!fits) throw invalid('float32', 'a number from -3.4028235e38 to 3.4028235e38', value);
}

/** The bytes of a text may be swapped within each register, but its registers stay in order. */
export function requireTextOrder(order: ByteOrder): void {
  if (order !== 'ABCD' && order !== 'BADC') throw invalid('byte order of a text', 'ABCD or BADC', order);
}

/** The argument of a `set` as a list, with unchecked items. @throws DataError if it is neither a value nor an array. */
export function requireValues<Value>(
  values: Value | ArrayLike<Value>,
  kind: 'boolean' | 'number',
  table: string,
): ArrayLike<Value> {
  if (isList(values)) {
    if (values.length > 0) return values;
    throw new DataError('INVALID_VALUE', `${table}: expected at least one value, found an empty array`);
  }
  if (typeof values === kind) return [values];
  throw invalid(table, kind === 'boolean' ? 'true, false or an array of them' : 'a number or an array of them', values);
}

function isList<Value>(values: Value | ArrayLike<Value>): values is ArrayLike<Value> {
  return typeof values === 'object' && values !== null && 'length' in values && typeof values.length === 'number';
}
