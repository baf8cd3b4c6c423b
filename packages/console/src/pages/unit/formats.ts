import { hex } from '../../format/numbers.js';

// How a table shows what is at an address, and reads what a user writes there.

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

/** Of single registers. */
export const WORDS: readonly Format[] = [
  word('Hex', 'hexadecimal digits, such as 0x1A', 0, 0xffff, (value) => hex(value), 16),
  word('Decimal', 'a whole number from 0 to 65535', 0, 0xffff, String, 10),
  word('Signed', 'a whole number from -32768 to 32767', -0x8000, 0x7fff, (value) => String((value << 16) >> 16), 10),
  word('Binary', '16 digits 0 and 1 at most', 0, 0xffff, binary, 2),
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
