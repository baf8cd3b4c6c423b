import { DataError, type PointOptions, type PointValue, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';

/** A unit with one point, `x`. */
function pointOf(options: Omit<PointOptions, 'at'> & { at?: PointOptions['at'] }) {
  const unit = new Unit({ id: 1, points: { x: { at: 'holding 0', ...options } } });
  const { x } = unit.points;
  return x;
}

const ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;

interface Row {
  options: Omit<PointOptions, 'at'>;
  value: PointValue;
  /** Its registers in hexadecimal, in each order. */
  words: Record<(typeof ORDERS)[number], string>;
  text: string;
}

const rows: Row[] = [
  {
    options: { type: 'int16' },
    value: -2,
    words: { ABCD: 'fffe', CDAB: 'fffe', BADC: 'feff', DCBA: 'feff' },
    text: '-2',
  },
  {
    options: { type: 'uint16' },
    value: 0x1234,
    words: { ABCD: '1234', CDAB: '1234', BADC: '3412', DCBA: '3412' },
    text: '4660',
  },
  {
    options: { type: 'int32' },
    value: -19088744,
    words: { ABCD: 'fedc ba98', CDAB: 'ba98 fedc', BADC: 'dcfe 98ba', DCBA: '98ba dcfe' },
    text: '-19088744',
  },
  {
    options: { type: 'uint32' },
    value: 0x12345678,
    words: { ABCD: '1234 5678', CDAB: '5678 1234', BADC: '3412 7856', DCBA: '7856 3412' },
    text: '305419896',
  },
  {
    options: { type: 'int64' },
    value: -2n,
    words: {
      ABCD: 'ffff ffff ffff fffe',
      CDAB: 'fffe ffff ffff ffff',
      BADC: 'ffff ffff ffff feff',
      DCBA: 'feff ffff ffff ffff',
    },
    text: '-2',
  },
  {
    options: { type: 'uint64' },
    value: 0x0123456789abcdefn,
    words: {
      ABCD: '0123 4567 89ab cdef',
      CDAB: 'cdef 89ab 4567 0123',
      BADC: '2301 6745 ab89 efcd',
      DCBA: 'efcd ab89 6745 2301',
    },
    text: '81985529216486895',
  },
  {
    options: { type: 'float32' },
    value: 21.5,
    words: { ABCD: '41ac 0000', CDAB: '0000 41ac', BADC: 'ac41 0000', DCBA: '0000 ac41' },
    text: '21.5',
  },
  {
    options: { type: 'float64' },
    value: 0.1,
    words: {
      ABCD: '3fb9 9999 9999 999a',
      CDAB: '999a 9999 9999 3fb9',
      BADC: 'b93f 9999 9999 9a99',
      DCBA: '9a99 9999 9999 b93f',
    },
    text: '0.1',
  },
  {
    options: { type: 'bcd', length: 2 },
    value: 12345678,
    words: { ABCD: '1234 5678', CDAB: '5678 1234', BADC: '3412 7856', DCBA: '7856 3412' },
    text: '12345678',
  },
  {
    options: { type: 'bits', length: 2, labels: { 0: 'door open', 31: 'alarm' } },
    value: ['door open', 'bit 17', 'alarm'],
    words: { ABCD: '8002 0001', CDAB: '0001 8002', BADC: '0280 0100', DCBA: '0100 0280' },
    text: 'door open, bit 17, alarm',
  },
  {
    options: { type: 'unixTime' },
    value: 1_700_000_000,
    words: { ABCD: '6553 f100', CDAB: 'f100 6553', BADC: '5365 00f1', DCBA: '00f1 5365' },
    text: '2023-11-14T22:13:20Z',
  },
  {
    options: { type: 'int32', labels: { [-1]: 'broken', 1: 'closed' } },
    value: 'broken',
    words: { ABCD: 'ffff ffff', CDAB: 'ffff ffff', BADC: 'ffff ffff', DCBA: 'ffff ffff' },
    text: 'broken',
  },
];

describe.each(rows)('a point of type $options.type', ({ options, value, words, text }) => {
  test.each(ORDERS)('has its registers in the order %s', (order) => {
    const point = pointOf({ ...options, order });
    point.value = value;
    const hex = point.raw.map((word) => word.toString(16).padStart(4, '0')).join(' ');
    expect({ hex, value: point.value, text: point.text }).toEqual({ hex: words[order], value, text });
  });

  test('begins with the value of its options', () => {
    expect(pointOf({ ...options, value }).value).toEqual(value);
  });
});

test.each([
  ['big', 'ABCD'],
  ['little', 'DCBA'],
  ['word-swap', 'CDAB'],
  ['byte-swap', 'BADC'],
] as const)('the order %s is %s', (alias, order) => {
  expect(pointOf({ type: 'uint32', order: alias }).order).toBe(order);
});

describe('a text', () => {
  test('is padded with NUL, and ends at the first of them', () => {
    const point = pointOf({ type: 'string', length: 3, value: 'B-1' });
    expect(point.raw).toEqual([0x422d, 0x3100, 0]);
    expect(point.value).toBe('B-1');
  });

  test('is padded with spaces if that is wished, and ends before them', () => {
    const point = pointOf({ type: 'string', length: 3, padding: 'space', value: 'B-1' });
    expect(point.raw).toEqual([0x422d, 0x3120, 0x2020]);
    expect(point.value).toBe('B-1');
  });

  test('may have its bytes swapped', () => {
    const point = pointOf({ type: 'string', length: 2, order: 'byte-swap', value: 'abc' });
    expect(point.raw).toEqual([0x6261, 0x0063]);
    expect(point.value).toBe('abc');
  });

  test('is UTF-8, of any characters', () => {
    const point = pointOf({ type: 'string', length: 8, value: '\uFEFF20 °C 😀' });
    expect(point.value).toBe('\uFEFF20 °C 😀');
  });
});

describe('a single bit', () => {
  test.each(['coil 3', 'discrete 3', 'holding 3.15', 'input 3.0'])('%s is on or off', (at) => {
    const point = pointOf({ at });
    expect({ value: point.value, text: point.text, raw: point.raw }).toEqual({ value: false, text: 'off', raw: [0] });
    point.value = true;
    expect({ value: point.value, text: point.text, raw: point.raw }).toEqual({ value: true, text: 'on', raw: [1] });
  });

  test('of a register leaves the others alone', () => {
    const unit = new Unit({ id: 1, points: { a: { at: 'holding 3.0', value: true }, b: { at: 'holding 3.15' } } });
    unit.points.b.value = true;
    expect(unit.holdingRegisters.get(3)).toBe(0x8001);
    unit.points.a.value = false;
    expect(unit.holdingRegisters.get(3)).toBe(0x8000);
  });
});

describe('a scale', () => {
  test('works in decimal', () => {
    const point = pointOf({ type: 'int16', scale: 0.1, unit: '°C', value: 21.5 });
    expect({ raw: point.raw, value: point.value, text: point.text }).toEqual({
      raw: [215],
      value: 21.5,
      text: '21.5 °C',
    });
  });

  test('takes values to the nearest raw number', () => {
    const point = pointOf({ type: 'int16', scale: 0.1 });
    // In doubles, 0.35 / 0.1 is 3.4999999999999996.
    for (const [value, raw] of [
      [0.349, 3],
      [0.35, 4],
      [-0.35, -4],
      [-0.349, -3],
      [0.04, 0],
    ] as const) {
      point.value = value;
      expect([value, ...point.raw]).toEqual([value, raw & 0xffff]);
    }
  });

  test('has an offset beside it', () => {
    const point = pointOf({ type: 'uint16', scale: 0.5, offset: -40, value: 21.5 });
    expect({ raw: point.raw, value: point.value, text: point.text }).toEqual({ raw: [123], value: 21.5, text: '21.5' });
  });

  test('may be negative', () => {
    const point = pointOf({ type: 'int16', scale: -0.01, value: 1.25 });
    expect({ raw: point.raw, value: point.value }).toEqual({ raw: [0xff83], value: 1.25 });
    point.value = 0;
    expect(Object.is(point.value, 0)).toBe(true);
  });

  test('makes a number of 64 bits', () => {
    const point = pointOf({ type: 'uint64', scale: 0.001, value: 123456.789, unit: 'kWh' });
    expect({ raw: point.raw, value: point.value, text: point.text }).toEqual({
      raw: [0, 0, 0x075b, 0xcd15],
      value: 123456.789,
      text: '123456.789 kWh',
    });
  });

  test('fits decimals in BCD, and floats', () => {
    expect(pointOf({ type: 'bcd', scale: 0.01, value: 12.34 }).raw).toEqual([0x1234]);
    expect(pointOf({ type: 'float32', scale: 1000, value: 21500 }).raw).toEqual([0x41ac, 0]);
  });
});

describe('memory that holds no value of the type', () => {
  test('a number without a label', () => {
    const point = pointOf({ type: 'uint16', labels: { 0: 'off', 1: 'auto' } });
    const unit = new Unit({ id: 1, points: { mode: { at: 'holding 0', labels: { 0: 'off', 1: 'auto' } } } });
    unit.holdingRegisters.set(0, 7);
    expect(() => unit.points.mode.value).toThrow('mode: expected one of the numbers with a label (0, 1), found 7');
    expect(unit.points.mode.text).toBe('7 (no label)');
    expect(point.text).toBe('off');
  });

  test('digits that are not BCD', () => {
    const unit = new Unit({ id: 1, points: { speed: { at: 'holding 0', type: 'bcd' } } });
    unit.holdingRegisters.set(0, 0x12ab);
    expect(() => unit.points.speed.value).toThrow(DataError);
    expect(unit.points.speed.text).toBe('12AB (not BCD)');
  });
});

describe('a value that does not fit is refused, and nothing changes', () => {
  const labels = { 0: 'off', 1: 'auto' };
  test.each<[Omit<PointOptions, 'at'>, unknown, string]>([
    [{ type: 'int16' }, 32768, 'x: expected a number from -32768 to 32767, found 32768'],
    [{ type: 'int16', scale: 0.1 }, 3276.8, 'x: expected a number from -3276.8 to 3276.7, found 3276.8'],
    [{ type: 'uint32' }, -1, 'x: expected a number from 0 to 4294967295, found -1'],
    [{ type: 'uint64' }, 2n ** 64n, 'x: expected a number from 0 to 18446744073709551615, found 18446744073709551616'],
    [{ type: 'uint16' }, Number.NaN, 'found NaN'],
    [{ type: 'uint16' }, Number.POSITIVE_INFINITY, 'found Infinity'],
    [{ type: 'uint16' }, '5', 'found "5"'],
    [{ type: 'int16', scale: 0.1 }, 1e300, 'found 1e+300'],
    [{ type: 'float32' }, 1e39, 'x: expected a number that fits, found 1e+39'],
    [{ type: 'float32' }, true, 'x: expected a number, found true'],
    [{ type: 'bcd' }, 10000, 'x: expected a number from 0 to 9999, found 10000'],
    [{ type: 'unixTime' }, -1, 'x: expected a number from 0 to 4294967295, found -1'],
    [{ type: 'string', length: 2 }, 'abcde', 'x: expected a text of at most 4 bytes, found "abcde"'],
    [{ type: 'string', length: 2 }, 'ab°°', 'x: expected a text of at most 4 bytes'],
    [{ type: 'string', length: 2 }, 'a\0b', 'x: expected a text without NUL'],
    [{ type: 'string', length: 2 }, 5, 'x: expected a text without NUL, found 5'],
    [{ type: 'uint16', labels }, 'hand', 'x: expected one of "off", "auto", found "hand"'],
    [{ type: 'uint16', labels }, 1, 'x: expected one of "off", "auto", found 1'],
    [{ type: 'bits', labels }, ['off', 'hand'], 'x: expected only "off", "auto", "bit 2"'],
    [{ type: 'bits' }, 3, 'x: expected a list of the bits that are set, found 3'],
    [{ type: 'raw', length: 2 }, [1], 'x: expected 2 integers from 0 to 65535, found an array'],
    [{ type: 'raw', length: 2 }, [1, 65536], 'x: expected 2 integers from 0 to 65535'],
  ])('%o: %s', (options, value, message) => {
    const point = pointOf(options);
    const before = point.raw;
    expect(() => Reflect.set(point, 'value', value)).toThrow(DataError);
    expect(() => Reflect.set(point, 'value', value)).toThrow(message);
    expect(point.raw).toEqual(before);
  });
});

test('floats may be infinite, or no number', () => {
  const point = pointOf({ type: 'float32' });
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    point.value = value;
    expect([point.value, point.text]).toEqual([value, String(value)]);
  }
});
