import { fromRegisters, type NumberForm, toRegisters } from '../number-types.js';
import type { ByteOrder } from '../typed-values.js';
import { type Codec, unfit } from './codec.js';
import type { Scale } from './scale.js';

/** Whole numbers, with a scale or without. @param text of a value. */
export function integerCodec(
  form: NumberForm,
  order: ByteOrder,
  scale: Scale | undefined,
  text: (value: number | bigint) => string,
): Codec {
  const toValue = (raw: number | bigint) => (scale === undefined ? raw : scale.toValue(raw));
  const load = (words: readonly number[]) => fromRegisters(form, words, order);
  const limits = [toValue(form.min), toValue(form.max)].sort((a, b) => (a < b ? -1 : 1));
  const expected = `a number from ${limits[0]} to ${limits[1]}`;
  return {
    quantity: form.registers,
    decode(words) {
      const raw = load(words);
      if (raw === undefined) throw unfit('decimal digits (BCD)', inHex(words));
      return toValue(raw);
    },
    encode(value) {
      const raw = roundRaw(value, scale);
      if (raw === undefined || raw < form.min || raw > form.max) throw unfit(expected, value);
      return toRegisters(form, raw, order);
    },
    describe(words) {
      const raw = load(words);
      return raw === undefined ? `${inHex(words)} (not BCD)` : text(toValue(raw));
    },
  };
}

/** The whole number nearest to a value before its scale; undefined: not a finite number. */
function roundRaw(value: unknown, scale: Scale | undefined): number | bigint | undefined {
  if (typeof value === 'bigint') return scale === undefined ? value : scale.toRaw(Number(value));
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return scale === undefined ? Math.sign(value) * Math.round(Math.abs(value)) : scale.toRaw(value);
}

/** Binary-coded decimals: four digits to a register. @param registers 1 to 3, so that every number is exact. */
export function bcdForm(registers: number): NumberForm {
  return {
    registers,
    min: 0,
    max: 10 ** (4 * registers) - 1,
    read(view) {
      let digits = '';
      for (let i = 0; i < registers; i++)
        digits += view
          .getUint16(2 * i)
          .toString(16)
          .padStart(4, '0');
      return /[a-f]/.test(digits) ? undefined : Number(digits);
    },
    write(view, value) {
      const digits = String(value).padStart(4 * registers, '0');
      for (let i = 0; i < registers; i++) view.setUint16(2 * i, Number.parseInt(digits.slice(4 * i, 4 * i + 4), 16));
    },
  };
}

/** A float is multiplied as it is. */
export interface FloatScale {
  readonly scale: number;
  readonly offset: number;
}

/** Floating-point numbers. Infinity and NaN are values, too. */
export function floatCodec(
  form: NumberForm,
  order: ByteOrder,
  by: FloatScale | undefined,
  text: (value: number) => string,
): Codec {
  const decode = (words: readonly number[]) => {
    const raw = Number(fromRegisters(form, words, order));
    return by === undefined ? raw : raw * by.scale + by.offset;
  };
  return {
    quantity: form.registers,
    decode,
    encode(value) {
      if (typeof value !== 'number') throw unfit('a number', value);
      const raw = by === undefined ? value : (value - by.offset) / by.scale;
      if (Number.isFinite(raw) && (raw < form.min || raw > form.max)) throw unfit('a number that fits', value);
      return toRegisters(form, raw, order);
    },
    describe: (words) => text(decode(words)),
  };
}

export function inHex(words: readonly number[]): string {
  return words.map((word) => word.toString(16).toUpperCase().padStart(4, '0')).join(' ');
}
