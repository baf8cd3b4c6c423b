import { type ByteOrder, decodeNumbers, encodeNumbers, NUMBER_TYPES, type NumberType, registersOf, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';

const ORDERS: readonly ByteOrder[] = ['ABCD', 'CDAB', 'BADC', 'DCBA'];

/** Of each type: its least and its greatest number, and one more. */
const VALUES: Readonly<Record<NumberType, readonly (number | bigint)[]>> = {
  uint16: [0, 0xffff, 4711],
  int16: [-0x8000, 0x7fff, -1],
  uint32: [0, 0xffffffff, 0x12345678],
  int32: [-0x80000000, 0x7fffffff, -2],
  uint64: [0n, 0xffffffffffffffffn, 4711n],
  int64: [-0x8000000000000000n, 0x7fffffffffffffffn, -1n],
  float32: [21.5, Number.NEGATIVE_INFINITY, -0],
  float64: [0.1, Number.MAX_VALUE, Number.NaN],
};

describe('numbers of a type that is only known at run time', () => {
  test.each(NUMBER_TYPES.flatMap((type) => ORDERS.map((order) => [type, order] as const)))(
    'become registers and numbers again: %s %s',
    (type, order) => {
      const words = encodeNumbers(VALUES[type], type, order);
      expect(words).toHaveLength(3 * registersOf(type));
      expect(decodeNumbers(words, type, order)).toEqual(VALUES[type]);
    },
  );

  test('are in registers as a table has them', () => {
    const { holdingRegisters } = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 8 }] });
    holdingRegisters.setFloat32(0, 21.5, 'CDAB');
    holdingRegisters.setInt32(2, -2, 'CDAB');
    holdingRegisters.setBigUint64(4, 4711n, 'CDAB');
    expect(holdingRegisters.getRange(0, 2)).toEqual(encodeNumbers([21.5], 'float32', 'CDAB'));
    expect(holdingRegisters.getRange(2, 2)).toEqual(encodeNumbers([-2], 'int32', 'CDAB'));
    expect(holdingRegisters.getRange(4, 4)).toEqual(encodeNumbers([4711], 'uint64', 'CDAB'));
  });

  test.each<[() => unknown, string]>([
    [() => encodeNumbers([0, 65536], 'uint16'), 'uint16: expected an integer from 0 to 65535, found 65536'],
    [() => encodeNumbers([1.5], 'int64'), 'int64: expected an integer from -9223372036854775808'],
    [() => encodeNumbers([1e39], 'float32'), 'float32: expected a number from -3.4028235e38'],
    [() => decodeNumbers([1, 2, 3], 'uint32'), 'uint32: expected a multiple of 2 registers, found 3'],
    [() => registersOf('toString' as NumberType), 'expected one of uint16, int16'],
    [() => encodeNumbers([1], 'uint32', 'ACBD' as ByteOrder), 'byte order: expected one of ABCD'],
  ])('are refused with a reason: %s', (call, message) => {
    expect(call).toThrow(expect.objectContaining({ code: 'INVALID_VALUE', message: expect.stringContaining(message) }));
  });
});
