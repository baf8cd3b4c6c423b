import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { problems } from './helpers/problems.js';

const config = (blocks: string, more = '') => `units:\n- {id: 1, holdingRegisters: [${blocks}]${more}}\n`;

describe('blocks of registers with a type', () => {
  test('are served as they are written, numbers beyond 2^53 too', () => {
    const blocks = [
      '{start: 10, type: int16, values: [-5, 0x1F]}',
      '{start: 20, type: float32, order: CDAB, count: 2, value: 21.5}',
      '{start: 30, type: int64, values: [-9223372036854775808, 5]}',
      '{start: 40, type: uint64, order: little, values: [0xFFFFFFFFFFFFFFFE]}',
      '{start: 50, type: float64, values: [.nan, -.inf]}',
    ];
    const { holdingRegisters } = parseConfig(config(blocks.join(', ')), 'x').units[0];
    expect([holdingRegisters.getInt16(10), holdingRegisters.get(11)]).toEqual([-5, 31]);
    expect([20, 22].map((address) => holdingRegisters.getFloat32(address, 'CDAB'))).toEqual([21.5, 21.5]);
    expect([30, 34].map((address) => holdingRegisters.getBigInt64(address))).toEqual([-(2n ** 63n), 5n]);
    expect(holdingRegisters.getBigUint64(40, 'DCBA')).toBe(2n ** 64n - 2n);
    expect([50, 54].map((address) => holdingRegisters.getFloat64(address))).toEqual([Number.NaN, -Infinity]);
  });

  const BLOCK = 'units[0].holdingRegisters[0]';
  test.each([
    [
      '{start: 0, values: [-5]}',
      `2:50: ${BLOCK}.values[0]: expected an integer from 0 to 65535, found -5; a block with type: 'int16' takes it`,
    ],
    [
      '{start: 0, count: 1, value: 21.5}',
      `2:58: ${BLOCK}.value: expected an integer from 0 to 65535, found 21.5; a block with type: 'float32' takes it`,
    ],
    ['{start: 0, values: [x]}', `2:50: ${BLOCK}.values[0]: expected a number, found the text "x"`],
    [
      '{start: 0, type: int8, values: [1]}',
      `2:47: ${BLOCK}.type: expected one of uint16, int16, uint32, int32, uint64, int64, float32, float64, found the text "int8"`,
    ],
    [
      '{start: 0, type: int16, order: cdab, values: [1]}',
      `2:61: ${BLOCK}.order: expected one of ABCD, CDAB, BADC, DCBA, big, little, word-swap, byte-swap, found the text "cdab"; did you mean "CDAB"?`,
    ],
    ['{start: 0, order: CDAB, values: [1]}', `2:48: ${BLOCK}.order: give the type as well, such as type: 'float32'`],
    [
      '{start: 0, type: int16, values: [1, 40000, -40000]}',
      `2:66: ${BLOCK}.values[1]: expected an integer from -32768 to 32767, found 40000 (and 1 more like it in this list)`,
    ],
    ['{start: 65530, type: float32, count: 4}', `2:67: ${BLOCK}.count: expected an integer from 1 to 3, found 4`],
    [
      '{start: 0, type: float32, count: 4}, {start: 7, count: 1}',
      `2:75: units[0].holdingRegisters[1].start: the block at 7 overlaps holdingRegisters[0] (0..7)`,
    ],
  ])('that are wrong are reported: %s', (blocks, expected) => {
    expect(problems(config(blocks))).toEqual([`x:${expected}`]);
  });
});

test('a value that its limits rule out is refused at its place, whatever its type', () => {
  const limits = ', access: {limits: [{table: holdingRegisters, start: 0, count: 9, min: -10, max: 10}]}';
  const blocks = '{start: 0, type: int16, values: [-5, -11]}, {start: 4, type: int32, values: [5, 70000, -9]}';
  const says = 'but units[0].access.limits[0] lets clients write only -10 to 10';
  expect(problems(config(blocks, limits))).toEqual([
    `x:2:67: units[0].holdingRegisters[0].values[1]: begins as -11, ${says}`,
    `x:2:110: units[0].holdingRegisters[1].values[1]: begins as 70000, ${says}`,
  ]);
});
