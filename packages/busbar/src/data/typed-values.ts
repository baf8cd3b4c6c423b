import { DataError } from '../errors.js';

/**
 * Order of the bytes of a value that spans registers; A is the most significant byte.
 * `ABCD` big-endian (the order of the Modbus documents), `CDAB` registers swapped, `BADC` bytes swapped within each register,
 * `DCBA` little-endian. For 64-bit values the same holds over four registers.
 */
export type ByteOrder = 'ABCD' | 'CDAB' | 'BADC' | 'DCBA';

const ORDERS: readonly string[] = ['ABCD', 'CDAB', 'BADC', 'DCBA'] satisfies ByteOrder[];

/** Turns big-endian bytes into `order`, or back: each order is its own inverse. */
export function arrange(bytes: Uint8Array, order: ByteOrder): void {
  if (!ORDERS.includes(order)) {
    throw new DataError('INVALID_VALUE', `byte order: expected one of ${ORDERS.join(', ')}, found ${String(order)}`);
  }
  if (order === 'CDAB' || order === 'DCBA') bytes.reverse();
  // Reversing all bytes also swapped them within each register, which CDAB does not want and BADC wants alone.
  if (order === 'CDAB' || order === 'BADC') swapWithinRegisters(bytes);
}

function swapWithinRegisters(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i += 2) [bytes[i], bytes[i + 1]] = [bytes[i + 1], bytes[i]];
}

export function requireInteger(value: number, min: number, max: number, what: string): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new DataError('INVALID_VALUE', `${what}: expected an integer from ${min} to ${max}, found ${String(value)}`);
  }
}

export function requireBigint(value: bigint, min: bigint, max: bigint, what: string): void {
  if (typeof value !== 'bigint' || value < min || value > max) {
    throw new DataError('INVALID_VALUE', `${what}: expected a bigint from ${min} to ${max}, found ${String(value)}`);
  }
}

export function requireNumber(value: number, what: string): void {
  if (typeof value !== 'number') {
    throw new DataError('INVALID_VALUE', `${what}: expected a number, found ${String(value)}`);
  }
}
