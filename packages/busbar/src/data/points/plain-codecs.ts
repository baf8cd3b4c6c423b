import type { ByteOrder } from '../typed-values.js';
import { toBytes, toWords } from '../words.js';
import { type Codec, unfit } from './codec.js';
import { inHex } from './number-codec.js';

/** One bit: a coil, a discrete input, or a bit of a register. */
export const BOOL_CODEC: Codec = {
  quantity: 1,
  decode: ([bit]) => bit === 1,
  encode(value) {
    if (typeof value !== 'boolean') throw unfit('true or false', value);
    return [value ? 1 : 0];
  },
  describe: ([bit]) => (bit === 1 ? 'on' : 'off'),
};

/** UTF-8 text. It ends at the first NUL, or before the spaces at its end if it is padded with spaces. */
export function stringCodec(registers: number, order: ByteOrder, padding: 'nul' | 'space'): Codec {
  const decode = (words: readonly number[]) => {
    const bytes = toBytes(words, order);
    const end = bytes.indexOf(0);
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
    return padding === 'space' ? text.replace(/ +$/, '') : text;
  };
  return {
    quantity: registers,
    decode,
    encode(value) {
      if (typeof value !== 'string' || value.includes('\0')) throw unfit('a text without NUL', value);
      const bytes = new Uint8Array(2 * registers).fill(padding === 'space' ? 0x20 : 0);
      const { read } = new TextEncoder().encodeInto(value, bytes);
      if (read < value.length) throw unfit(`a text of at most ${2 * registers} bytes`, value);
      return toWords(bytes, order);
    },
    describe: decode,
  };
}

/** Registers as they are. */
export function rawCodec(registers: number): Codec {
  return {
    quantity: registers,
    decode: (words) => [...words],
    encode(value) {
      if (!Array.isArray(value) || value.length !== registers || !value.every(isWord)) {
        throw unfit(`${registers} integers from 0 to 65535`, value);
      }
      return [...value];
    },
    describe: inHex,
  };
}

function isWord(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff;
}
