import { show } from '../../checks.js';
import { fromRegisters, type NumberForm, toRegisters } from '../number-types.js';
import type { ByteOrder } from '../typed-values.js';
import { toBytes, toWords } from '../words.js';
import { type Codec, unfit } from './codec.js';

/** Labels by the whole numbers, or the bits, that they stand for. */
export type Labels = ReadonlyMap<bigint, string>;

/** Whole numbers with labels: the values are the labels. */
export function labelCodec(form: NumberForm, order: ByteOrder, labels: Labels): Codec {
  const numbers = new Map([...labels].map(([number, label]) => [label, number]));
  const load = (words: readonly number[]) => BigInt(fromRegisters(form, words, order) ?? 0);
  return {
    quantity: form.registers,
    decode(words) {
      const raw = load(words);
      const label = labels.get(raw);
      if (label === undefined)
        throw unfit(`one of the numbers with a label (${[...labels.keys()].join(', ')})`, Number(raw));
      return label;
    },
    encode(value) {
      const number = typeof value === 'string' ? numbers.get(value) : undefined;
      if (number === undefined) throw unfit(`one of ${[...labels.values()].map(show).join(', ')}`, value);
      return toRegisters(form, number, order);
    },
    describe(words) {
      const raw = load(words);
      return labels.get(raw) ?? `${raw} (no label)`;
    },
  };
}

/** A set of bits, some with labels; the values are lists of names, from bit 0 on. A bit without a label is `bit 5`. */
export function bitsCodec(registers: number, order: ByteOrder, labels: Labels): Codec {
  const names = Array.from({ length: 16 * registers }, (_, bit) => labels.get(BigInt(bit)) ?? `bit ${bit}`);
  const bits = new Map(names.map((name, bit) => [name, bit]));
  /** Bit 0 is the least significant of the last byte. */
  const maskOf = (bit: number) => ({ at: 2 * registers - 1 - (bit >> 3), mask: 1 << (bit & 7) });
  const decode = (words: readonly number[]) => {
    const bytes = toBytes(words, order);
    return names.filter((_, bit) => (bytes[maskOf(bit).at] & maskOf(bit).mask) !== 0);
  };
  return {
    quantity: registers,
    decode,
    encode(value) {
      if (!Array.isArray(value)) throw unfit('a list of the bits that are set', value);
      const bytes = new Uint8Array(2 * registers);
      for (const name of value) {
        const bit = bits.get(name);
        if (bit === undefined) throw unfit(`only ${names.map(show).join(', ')}`, name);
        bytes[maskOf(bit).at] |= maskOf(bit).mask;
      }
      return toWords(bytes, order);
    },
    describe: (words) => decode(words).join(', ') || 'none',
  };
}
