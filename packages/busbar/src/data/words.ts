import { readRegisters, writeUint16 } from '../protocol/bytes.js';
import { arrange, type ByteOrder } from './typed-values.js';

/** Bytes of registers in the order ABCD, from registers in any order. */
export function toBytes(words: readonly number[], order: ByteOrder): Uint8Array {
  const bytes = new Uint8Array(2 * words.length);
  fillBytes(bytes, words, order);
  return bytes;
}

/** The same, into memory of that length. */
export function fillBytes(bytes: Uint8Array, words: readonly number[], order: ByteOrder): void {
  for (let i = 0; i < words.length; i++) writeUint16(bytes, 2 * i, words[i]);
  arrange(bytes, order);
}

/** The reverse. Changes `bytes`. */
export function toWords(bytes: Uint8Array, order: ByteOrder): number[] {
  arrange(bytes, order);
  return readRegisters(bytes, 0, bytes.length / 2);
}
