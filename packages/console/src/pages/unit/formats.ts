import { hex } from '../../format/numbers.js';

// How a table shows its registers, and reads what a user writes.

type Order = 'ABCD' | 'CDAB' | 'BADC' | 'DCBA';

/** What goes to the server. */
interface Written {
  readonly value: number | string | boolean;
  /** Of the query. */
  readonly query: Readonly<Record<string, string>>;
}

export interface Format {
  readonly name: string;
  /** How many registers make one value. */
  readonly size: number;
  readonly text: (words: readonly number[]) => string;
  /** Undefined: the text is no such value. */
  readonly read: (text: string) => Written | undefined;
  /** What is expected, for the message. */
  readonly expected: string;
}

export const FORMATS: readonly Format[] = [
  word('Hex', 'hexadecimal digits, such as 0x1A', 0, 0xffff, (value) => hex(value), 16),
  word('Decimal', 'a whole number from 0 to 65535', 0, 0xffff, String, 10),
  word('Signed', 'a whole number from -32768 to 32767', -0x8000, 0x7fff, (value) => String((value << 16) >> 16), 10),
  word('Binary', '16 digits 0 and 1 at most', 0, 0xffff, binary, 2),
  float('ABCD'),
  float('CDAB'),
  float('BADC'),
  float('DCBA'),
];

/** For coils and discrete inputs. */
export const BIT: Format = {
  name: 'Value',
  size: 1,
  text: ([bit]) => (bit === 1 ? 'on' : 'off'),
  read: (text) => (/^(1|on|true)$/i.test(text) ? bit(true) : /^(0|off|false)$/i.test(text) ? bit(false) : undefined),
  expected: 'on or off',
};

function bit(value: boolean): Written {
  return { value, query: {} };
}

const DIGITS: Readonly<Record<number, RegExp>> = {
  2: /^(?:0b)?([01]{1,16})$/i,
  10: /^(-?\d{1,5})$/,
  16: /^(?:0x)?([\da-f]{1,4})$/i,
};

function word(
  name: string,
  expected: string,
  least: number,
  most: number,
  text: (value: number) => string,
  radix: number,
): Format {
  return {
    name,
    size: 1,
    expected,
    text: ([value = 0]) => text(value),
    read: (given) => {
      const digits = DIGITS[radix]?.exec(given.replace(/\s/g, ''))?.[1];
      const value = digits === undefined ? Number.NaN : Number.parseInt(digits, radix);
      return value >= least && value <= most ? { value: value & 0xffff, query: { type: 'uint16' } } : undefined;
    },
  };
}

function binary(value: number): string {
  return (value.toString(2).padStart(16, '0').match(/.{4}/g) ?? []).join(' ');
}

function float(order: Order): Format {
  return {
    name: `Float ${order}`,
    size: 2,
    expected: 'a number, such as 21.5',
    text: (words) => short(floatOf(words, order)),
    read: (text) => {
      const value = Number(text.replace(',', '.'));
      const isNumber = text.trim() !== '' && !Number.isNaN(value);
      return isNumber ? { value, query: { type: 'float32', order } } : undefined;
    },
  };
}

const view = new DataView(new ArrayBuffer(4));

/** Where the bytes A, B, C, D of a value are. */
const PLACES: Readonly<Record<Order, readonly number[]>> = {
  ABCD: [0, 1, 2, 3],
  CDAB: [2, 3, 0, 1],
  BADC: [1, 0, 3, 2],
  DCBA: [3, 2, 1, 0],
};

function floatOf([first = 0, second = 0]: readonly number[], order: Order): number {
  const bytes = [first >> 8, first & 0xff, second >> 8, second & 0xff];
  PLACES[order].forEach((place, i) => {
    view.setUint8(i, bytes[place] ?? 0);
  });
  return view.getFloat32(0);
}

/** The shortest text that is still the same float32. */
function short(value: number): string {
  if (!Number.isFinite(value) || value === 0) return Object.is(value, -0) ? '-0' : String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value)
      return Math.abs(value) < 1e9 ? String(Number(text)) : text.replace('+', '');
  }
  return value.toPrecision(9).replace('+', '');
}
