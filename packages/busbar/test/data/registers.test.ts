import { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { word } from '../helpers/hex.js';

const outside = expect.objectContaining({ name: 'DataError', code: 'ADDRESS_OUTSIDE_TABLE' });
const invalid = expect.objectContaining({ name: 'DataError', code: 'INVALID_VALUE' });

function createUnit(): Unit {
  return new Unit({
    id: 1,
    coils: [{ start: 8, values: [true, false, true] }],
    discreteInputs: [{ start: 0, count: 2, value: true }],
    holdingRegisters: [
      { start: 10, values: [1, 2, 3, 4] },
      { start: 65534, count: 2 },
    ],
    inputRegisters: [{ start: 0, count: 3, value: 7 }],
  });
}

describe('registers', () => {
  test('are set one by one or as a range, typed arrays included', () => {
    const { holdingRegisters } = createUnit();
    holdingRegisters.set(10, 0xffff);
    holdingRegisters.set(11, [20, 30]);
    holdingRegisters.set(13, Uint16Array.of(40));
    expect(holdingRegisters.getRange(10, 4)).toEqual([0xffff, 20, 30, 40]);
    expect(holdingRegisters.get(12)).toBe(30);
  });

  test('reach to address 65535', () => {
    const { holdingRegisters } = createUnit();
    holdingRegisters.set(65534, [1, 2]);
    expect(holdingRegisters.getRange(65534, 2)).toEqual([1, 2]);
    expect(() => holdingRegisters.set(65534, [5, 6, 7])).toThrow(outside);
    expect(holdingRegisters.getRange(65534, 2)).toEqual([1, 2]);
  });

  test.each([[[5, 6, 7, 65536]], [[5, -1]], [[5, 1.5]], [[Number.NaN]]])(
    'refuse a range with a wrong value whole: %j',
    (values) => {
      const { holdingRegisters } = createUnit();
      expect(() => holdingRegisters.set(10, values)).toThrow(invalid);
      expect(holdingRegisters.getRange(10, 4)).toEqual([1, 2, 3, 4]);
    },
  );

  test.each([9, 14, -1, 65533, 65536, 10.5])('refuse address %d', (address) => {
    const { holdingRegisters } = createUnit();
    expect(() => holdingRegisters.get(address)).toThrow(outside);
    expect(() => holdingRegisters.set(address, 1)).toThrow(outside);
  });

  test('refuse a range that leaves its block, whole', () => {
    const { holdingRegisters } = createUnit();
    expect(() => holdingRegisters.set(12, [9, 9, 9])).toThrow(outside);
    expect(() => holdingRegisters.getRange(9, 2)).toThrow(outside);
    expect(() => holdingRegisters.getRange(10, -1)).toThrow(outside);
    expect(holdingRegisters.getRange(10, 4)).toEqual([1, 2, 3, 4]);
  });

  test('give ranges that are copies', () => {
    const { holdingRegisters } = createUnit();
    holdingRegisters.getRange(10, 4)[0] = 99;
    expect(holdingRegisters.get(10)).toBe(1);
  });

  test('have single bits, 0 the least significant', () => {
    const { holdingRegisters } = createUnit();
    holdingRegisters.set(10, 0x8001);
    expect([0, 1, 14, 15].map((bit) => holdingRegisters.getBit(10, bit))).toEqual([true, false, false, true]);
    holdingRegisters.setBit(10, 15, false);
    holdingRegisters.setBit(10, 4, true);
    expect(word(holdingRegisters.get(10))).toBe('0011');
    for (const bit of [-1, 16, 1.5]) expect(() => holdingRegisters.setBit(10, bit, true)).toThrow(invalid);
    expect(() => holdingRegisters.getBit(9, 0)).toThrow(outside);
  });

  test('hold strings, NUL-filled, characters swapped in order BADC', () => {
    const { holdingRegisters } = createUnit();
    holdingRegisters.setString(10, 'Busbar', 4);
    expect(holdingRegisters.getRange(10, 4).map(word).join('')).toBe('4275736261720000');
    expect(holdingRegisters.getString(10, 4)).toBe('Busbar');
    holdingRegisters.setString(10, 'Busbar', 4, 'BADC');
    expect(holdingRegisters.getRange(10, 4).map(word).join('')).toBe('7542627372610000');
    expect(holdingRegisters.getString(10, 4, 'BADC')).toBe('Busbar');
  });

  test('refuse a string that is too long, in bytes', () => {
    const { holdingRegisters } = createUnit();
    expect(() => holdingRegisters.setString(10, 'ninechars', 4)).toThrow(invalid);
    expect(() => holdingRegisters.setString(10, 'äöüäö', 4)).toThrow(invalid);
    expect(() => holdingRegisters.setString(12, 'abc', 3)).toThrow(outside);
    expect(holdingRegisters.getRange(10, 4)).toEqual([1, 2, 3, 4]);
  });
});

describe('bits', () => {
  test('are set one by one or as a range', () => {
    const { coils } = createUnit();
    expect(coils.getRange(8, 3)).toEqual([true, false, true]);
    coils.set(8, false);
    coils.set(9, [true, false]);
    expect(coils.getRange(8, 3)).toEqual([false, true, false]);
    expect(coils.get(9)).toBe(true);
  });

  test('refuse ranges outside, whole', () => {
    const { coils } = createUnit();
    expect(() => coils.set(10, [false, false])).toThrow(outside);
    expect(() => coils.get(7)).toThrow(outside);
    expect(() => coils.getRange(8, 4)).toThrow(outside);
    expect(coils.getRange(8, 3)).toEqual([true, false, true]);
  });
});

test('the read-only tables are set by the program', () => {
  const { discreteInputs, inputRegisters } = createUnit();
  expect(discreteInputs.getRange(0, 2)).toEqual([true, true]);
  discreteInputs.set(1, false);
  inputRegisters.set(1, [8, 9]);
  expect(discreteInputs.getRange(0, 2)).toEqual([true, false]);
  expect(inputRegisters.getRange(0, 3)).toEqual([7, 8, 9]);
});
