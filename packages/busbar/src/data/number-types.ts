import type { ByteOrder } from './typed-values.js';
import { fillBytes, toWords } from './words.js';

/** How numbers of one kind stand in registers. */
export interface NumberForm {
  /** How many registers one takes. */
  readonly registers: number;
  /** The least and the greatest number, apart from the infinities of floats. */
  readonly min: number | bigint;
  readonly max: number | bigint;
  /** From and to the first bytes of a view, big-endian. Undefined: the bytes are no number of this kind. */
  read(view: DataView): number | bigint | undefined;
  /** Takes only what fits. */
  write(view: DataView, value: number | bigint): void;
}

/** A form that all bytes have. */
interface NumberCodec extends NumberForm {
  /** Which values fit, in words. */
  readonly expected: string;
  fits(value: unknown): value is number | bigint;
  read(view: DataView): number | bigint;
}

function integers(
  registers: 1 | 2,
  min: number,
  max: number,
  codec: { read(view: DataView): number; write(view: DataView, value: number): void },
): NumberCodec {
  return {
    registers,
    min,
    max,
    expected: `an integer from ${min} to ${max}`,
    fits: (value): value is number =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
    read: codec.read,
    write: (view, value) => codec.write(view, Number(value)),
  };
}

/** They are bigints; a number will do where it is exact. */
function bigIntegers(
  min: bigint,
  max: bigint,
  codec: { read(view: DataView): bigint; write(view: DataView, value: bigint): void },
): NumberCodec {
  return {
    registers: 4,
    min,
    max,
    expected: `an integer from ${min} to ${max}, beyond ${Number.MAX_SAFE_INTEGER} as a bigint`,
    fits: (value): value is number | bigint =>
      (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) &&
      value >= min &&
      value <= max,
    read: codec.read,
    write: (view, value) => codec.write(view, BigInt(value)),
  };
}

/** The greatest number of single precision. */
const MAX_FLOAT32 = 2 ** 128 - 2 ** 104;

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The kinds of numbers that registers hold: integers, in two's complement, and IEEE 754 floats. */
export type NumberType = 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64' | 'float32' | 'float64';

export const NUMBERS: Readonly<Record<NumberType, NumberCodec>> = {
  uint16: integers(1, 0, 0xffff, {
    read: (view) => view.getUint16(0),
    write: (view, value) => view.setUint16(0, value),
  }),
  int16: integers(1, -0x8000, 0x7fff, {
    read: (view) => view.getInt16(0),
    write: (view, value) => view.setInt16(0, value),
  }),
  uint32: integers(2, 0, 0xffffffff, {
    read: (view) => view.getUint32(0),
    write: (view, value) => view.setUint32(0, value),
  }),
  int32: integers(2, -0x80000000, 0x7fffffff, {
    read: (view) => view.getInt32(0),
    write: (view, value) => view.setInt32(0, value),
  }),
  uint64: bigIntegers(0n, 0xffffffffffffffffn, {
    read: (view) => view.getBigUint64(0),
    write: (view, value) => view.setBigUint64(0, value),
  }),
  int64: bigIntegers(-0x8000000000000000n, 0x7fffffffffffffffn, {
    read: (view) => view.getBigInt64(0),
    write: (view, value) => view.setBigInt64(0, value),
  }),
  float32: {
    registers: 2,
    min: -MAX_FLOAT32,
    max: MAX_FLOAT32,
    expected: 'a number from -3.4028235e38 to 3.4028235e38',
    // Infinity itself fits; a number that would become infinite does not.
    fits: (value): value is number => isNumber(value) && Number.isFinite(value) === Number.isFinite(Math.fround(value)),
    read: (view) => view.getFloat32(0),
    write: (view, value) => view.setFloat32(0, Number(value)),
  },
  float64: {
    registers: 4,
    min: -Number.MAX_VALUE,
    max: Number.MAX_VALUE,
    expected: 'a number',
    fits: isNumber,
    read: (view) => view.getFloat64(0),
    write: (view, value) => view.setFloat64(0, Number(value)),
  },
};

/** The narrower ones first. */
export const NUMBER_TYPES: readonly NumberType[] = Object.keys(NUMBERS) as NumberType[];

/** Memory in which numbers of up to four registers are put together, one after the other. */
const SCRATCHES = [0, 1, 2, 3, 4].map((registers) => {
  const bytes = new Uint8Array(2 * registers);
  return { bytes, view: new DataView(bytes.buffer) };
});

/** The registers of a number that fits. */
export function toRegisters(form: NumberForm, value: number | bigint, order: ByteOrder): number[] {
  const { bytes, view } = SCRATCHES[form.registers];
  form.write(view, value);
  return toWords(bytes, order);
}

/** The number that registers hold; undefined if they hold none. @param words as many as the form takes. */
export function fromRegisters(
  form: NumberForm,
  words: readonly number[],
  order: ByteOrder,
): number | bigint | undefined {
  const { bytes, view } = SCRATCHES[form.registers];
  fillBytes(bytes, words, order);
  return form.read(view);
}
