import type { Format } from './formats.js';

// Numbers of several registers, each in four orders of their bytes.

export const ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
export type Order = (typeof ORDERS)[number];

/** A number of two or four registers. */
interface WideType {
  readonly name: string;
  /** Of the query. */
  readonly type: string;
  readonly size: 2 | 4;
  readonly text: (view: DataView) => string;
  readonly read: (text: string) => number | string | undefined;
  readonly expected: string;
}

export const WIDE_TYPES: readonly WideType[] = [
  integer('Int32', 2, true, (view) => view.getInt32(0)),
  integer('Uint32', 2, false, (view) => view.getUint32(0)),
  float('Float32', 2, (view) => short(view.getFloat32(0))),
  integer('Int64', 4, true, (view) => view.getBigInt64(0)),
  integer('Uint64', 4, false, (view) => view.getBigUint64(0)),
  float('Float64', 4, (view) => plain(view.getFloat64(0))),
];

/** A column of a table of registers. */
export function wideFormat({ name, type, size, text, read, expected }: WideType, order: Order): Format {
  return {
    name: `${name} ${order}`,
    size,
    expected,
    text: (words) => text(ordered(words, order)),
    read: (given) => {
      const value = read(given.trim());
      return value === undefined ? undefined : { value, query: { type, order } };
    },
  };
}

/** The bytes of a number, the most significant first. */
function ordered(words: readonly number[], order: Order): DataView {
  const view = new DataView(new ArrayBuffer(2 * words.length));
  const isLastFirst = order === 'CDAB' || order === 'DCBA';
  const isSwapped = order === 'BADC' || order === 'DCBA';
  words.forEach((word, i) => {
    view.setUint16(2 * (isLastFirst ? words.length - 1 - i : i), word, isSwapped);
  });
  return view;
}

function integer(name: string, size: 2 | 4, isSigned: boolean, valueIn: (view: DataView) => number | bigint): WideType {
  const bits = BigInt(16 * size);
  const [least, most] = isSigned ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] : [0n, 2n ** bits - 1n];
  return {
    name,
    type: name.toLowerCase(),
    size,
    expected: `a whole number from ${least} to ${most}`,
    text: (view) => String(valueIn(view)),
    read: (text) => {
      if (!/^(-?\d+|0x[\da-f]+)$/i.test(text)) return undefined;
      const value = BigInt(text);
      if (value < least || value > most) return undefined;
      // JSON has no larger whole numbers; the server takes them as texts.
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    },
  };
}

function float(name: string, size: 2 | 4, text: (view: DataView) => string): WideType {
  return {
    name,
    type: name.toLowerCase(),
    size,
    expected: 'a number, such as 21.5',
    text,
    read: (given) => {
      const value = Number(given.replace(',', '.'));
      if (given === '' || Number.isNaN(value)) return undefined;
      return Number.isFinite(value) ? value : String(value);
    },
  };
}

/** The shortest text that is still the same float32. */
function short(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return plain(Number(text));
  }
  return plain(Number(value.toPrecision(9)));
}

function plain(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) && Math.abs(value) >= 1e9 ? value.toExponential().replace('+', '') : String(value);
}
