import { DataError, type PointOptions, type PointValue, parsePlace, Unit } from 'busbar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scale } from '../../src/data/points/scale.js';
import { propertyRuns } from '../soak/runs.js';

/** Scales and offsets of devices: decimal, binary, negative, thirds, with a shifted zero. */
const SCALES = [0.1, 0.01, 0.001, 0.0001, 0.5, 0.25, 0.05, 10, 100, -0.1, 1 / 3, 0.3048, 1e-7];
const OFFSETS = [0, -40, 0.5, 273.15, 1000];

describe('a scale, in decimal', () => {
  test('gives every number of 16 bits a value, and the value that number', () => {
    const lost: string[] = [];
    for (const scale of SCALES) {
      for (const offset of OFFSETS) {
        const decimal = new Scale(scale, offset);
        for (let raw = -0x8000; raw <= 0xffff; raw++) {
          if (Number(decimal.toRaw(decimal.toValue(raw))) !== raw) lost.push(`${raw} at ${scale}, ${offset}`);
        }
      }
    }
    expect(lost).toEqual([]);
  });

  test('gives numbers of 32 bits a value, and the value that number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -0x80000000, max: 0xffffffff }),
        fc.constantFrom(...SCALES),
        fc.constantFrom(...OFFSETS),
        (raw, scale, offset) => {
          const decimal = new Scale(scale, offset);
          expect(Number(decimal.toRaw(decimal.toValue(raw)))).toBe(raw);
        },
      ),
      propertyRuns(1),
    );
  });

  test('gives the value that people write', () => {
    const places = fc.integer({ min: 0, max: 7 });
    fc.assert(
      fc.property(fc.integer({ min: -0x80000000, max: 0xffffffff }), places, (raw, places) => {
        const digits = String(Math.abs(raw)).padStart(places + 1, '0');
        const point = digits.length - places;
        const written = `${raw < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
        expect(new Scale(Number(`1e-${places}`), 0).toValue(raw)).toBe(Number(written));
      }),
      propertyRuns(1),
    );
  });

  test('takes any value to the nearest number', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constantFrom(...SCALES), (value, scale) => {
        const raw = Number(new Scale(scale, 0).toRaw(value));
        // The exact decimals differ from these doubles by less than the tolerance.
        expect(Math.abs(raw - value / scale)).toBeLessThanOrEqual(0.5 + 1e-6 + Math.abs(value / scale) * 1e-15);
      }),
      propertyRuns(1),
    );
  });
});

const order = fc.constantFrom('ABCD' as const, 'CDAB' as const, 'BADC' as const, 'DCBA' as const);
const bits = (count: number) =>
  fc.uniqueArray(fc.nat(count - 1)).map((set) => set.sort((a, b) => a - b).map((bit) => `bit ${bit}`));

/** A type, and a value that it can hold. */
const typed = fc.oneof(
  fc.record({ type: fc.constant('int16' as const), value: fc.integer({ min: -0x8000, max: 0x7fff }) }),
  fc.record({ type: fc.constant('uint32' as const), value: fc.integer({ min: 0, max: 0xffffffff }) }),
  fc.record({ type: fc.constant('int64' as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({ type: fc.constant('float32' as const), value: fc.float() }),
  fc.record({ type: fc.constant('float64' as const), value: fc.double() }),
  fc.record({ type: fc.constant('bcd' as const), length: fc.constant(3), value: fc.nat(999_999_999_999) }),
  fc.record({ type: fc.constant('bits' as const), length: fc.constant(3), value: bits(48) }),
  fc.record({ type: fc.constant('unixTime' as const), value: fc.integer({ min: 0, max: 0xffffffff }) }),
);

describe('a point', () => {
  test('gives the value back that it was given, in any order, and changes nothing else', () => {
    fc.assert(
      fc.property(typed, order, (options, order) => {
        const { value, ...rest } = options;
        const point: PointOptions = { at: 'holding 1', order, ...rest };
        const unit = new Unit({ id: 1, points: { before: { at: 'holding 0' }, point, after: { at: 'holding 5' } } });
        unit.points.point.value = value;
        expect(unit.points.point.value).toEqual(value);
        expect([unit.points.before.value, unit.points.after.value]).toEqual([0, 0]);
      }),
      propertyRuns(20),
    );
  });

  test('gives a text back that fits', () => {
    const unit = new Unit({ id: 1, points: { text: { at: 'holding 0', type: 'string', length: 10 } } });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), (text) => {
        const fits = !text.includes('\0') && new TextEncoder().encode(text).length <= 20;
        const set = () => {
          unit.points.text.value = text;
        };
        if (!fits) expect(set).toThrow(DataError);
        else {
          set();
          expect(unit.points.text.value).toBe(text);
        }
      }),
      propertyRuns(20),
    );
  });

  test('has a text for whatever is in memory, and a value of its type or an error', () => {
    const types = ['int16', 'uint64', 'float32', 'float64', 'bcd', 'bits', 'unixTime', 'string', 'raw'] as const;
    const words = fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.boolean(), words, (type, hasLabels, words) => {
        const length = type === 'string' || type === 'raw' ? { length: 4 } : {};
        const labels = hasLabels && (type === 'int16' || type === 'uint64') ? { labels: { 0: 'off', 1: 'on' } } : {};
        const point: PointOptions = { at: 'holding 0', type, ...length, ...labels };
        const unit = new Unit({ id: 1, points: { point, rest: { at: 'holding 4', type: 'raw', length: 4 } } });
        unit.holdingRegisters.set(0, words.slice(0, unit.points.point.quantity));
        expect(unit.points.point.text).toEqual(expect.any(String));
        const value = valueOrError(() => unit.points.point.value);
        if (value instanceof Error) expect(value).toBeInstanceOf(DataError);
        // Bytes that are not UTF-8 read as characters that take more of them.
        else if (type !== 'string') unit.points.point.value = value;
      }),
      propertyRuns(20),
    );
  });
});

function valueOrError(read: () => PointValue): PointValue | Error {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

test('any text is a place or refused with a message', () => {
  const word = fc.constantFrom('holding', 'input', 'coil', 'discrete', '%MW', '%', 'hr', '4x', '0x', '4', '0', '1');
  const mixed = fc.tuple(word, fc.constantFrom('', ' ', ':', '/', '-'), fc.string({ maxLength: 8 }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        mixed.map((parts) => parts.join('')),
      ),
      fc.constantFrom(0 as const, 1 as const),
      (text, first) => {
        const place = placeOrProblem(text, first);
        if (typeof place === 'string') expect(place.length).toBeGreaterThan(20);
        else expect(place.address).toBeLessThan(65536);
      },
    ),
    propertyRuns(1),
  );
});

function placeOrProblem(text: string, first: 0 | 1) {
  try {
    return parsePlace(text, first);
  } catch (error) {
    if (error instanceof Error && error.name === 'OptionsError') return error.message;
    throw error;
  }
}
