import { checkEntries, checkString, type Path, show } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import { fromRegisters, type NumberForm, toRegisters } from '../number-types.js';
import type { ByteOrder } from '../typed-values.js';
import { toBytes, toWords } from '../words.js';
import { type Codec, unfit } from './codec.js';

/** Labels by the whole numbers, or the bits, that they stand for. */
export type Labels = ReadonlyMap<bigint, string>;

/** Checks labels by whole numbers: each is a text of its own. */
export function checkLabels(labels: unknown, path: Path): Labels {
  const checked = new Map<bigint, string>();
  const taken = new Set<string>();
  checkEntries(labels, path, (label, at) => {
    const key = String(at.at(-1));
    if (!/^(0|-?[1-9]\d{0,19})$/.test(key)) throw new OptionsError(at, 'expected a whole number for the label');
    const text = checkString(label, at);
    if (text === '' || taken.has(text)) throw new OptionsError(at, `expected a label of its own, found ${show(text)}`);
    taken.add(text);
    checked.set(BigInt(key), text);
  });
  if (checked.size === 0) throw new OptionsError(path, 'expected at least one label, such as { 0: off, 1: on }');
  return checked;
}

/** Labels must be for what there is: bits 0 to 15, or the numbers of a type. */
export function checkLabelled(labels: Labels, min: number | bigint, max: number | bigint, path: Path): void {
  for (const number of labels.keys()) {
    if (number >= min && number <= max) continue;
    throw new OptionsError([...path, String(number)], `expected a number from ${min} to ${max} for the label`);
  }
}

/** A label must not be what a bit without a label is called. */
export function checkBitNames(labels: Labels, path: Path): void {
  for (const [bit, label] of labels) {
    if (!/^bit \d+$/.test(label) || label === `bit ${bit}`) continue;
    throw new OptionsError([...path, String(bit)], `${show(label)} is the name of another bit`);
  }
}

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
