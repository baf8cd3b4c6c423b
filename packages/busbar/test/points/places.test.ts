import { formatPlace, OptionsError, type PointPlace, parsePlace, referenceOf, TABLE_NAMES } from 'busbar';
import { describe, expect, test } from 'vitest';

test.each([
  // A table's name and an address, which counts from 0.
  ['holding 0', 'holding 0 (40001)'],
  ['Holding:0', 'holding 0 (40001)'],
  ['holding/0', 'holding 0 (40001)'],
  ['hr 0', 'holding 0 (40001)'],
  ['HR0', 'holding 0 (40001)'],
  ['holdingRegisters 0', 'holding 0 (40001)'],
  ['holding_register 0x1F', 'holding 31 (40032)'],
  [' input 0x10 ', 'input 16 (30017)'],
  ['input register 4', 'input 4 (30005)'],
  ['ir:4', 'input 4 (30005)'],
  ['coil 3', 'coil 3 (00004)'],
  ['COILS 65535', 'coil 65535 (065536)'],
  ['discrete 0', 'discrete 0 (10001)'],
  ['discrete input 9', 'discrete 9 (10010)'],
  ['di/9', 'discrete 9 (10010)'],
  ['holding 30.0', 'holding 30.0 (40031.0)'],
  ['input 0x1f.15', 'input 31.15 (30032.15)'],
  // References, which count from 1.
  [40001, 'holding 0 (40001)'],
  ['40001', 'holding 0 (40001)'],
  ['40031.10', 'holding 30.10 (40031.10)'],
  [400001, 'holding 0 (40001)'],
  ['465536', 'holding 65535 (465536)'],
  [30005, 'input 4 (30005)'],
  [10001, 'discrete 0 (10001)'],
  ['00001', 'coil 0 (00001)'],
  ['000123', 'coil 122 (00123)'],
  ['4x0001', 'holding 0 (40001)'],
  ['4x1', 'holding 0 (40001)'],
  ['3X00005', 'input 4 (30005)'],
  ['1x0001', 'discrete 0 (10001)'],
  // A PLC's own, which count from 0.
  ['%MW0', 'holding 0 (40001)'],
  ['%mw10.3', 'holding 10.3 (40011.3)'],
  ['%MW10:X3', 'holding 10.3 (40011.3)'],
  ['%IW4', 'input 4 (30005)'],
  ['%M3', 'coil 3 (00004)'],
  ['%I3', 'discrete 3 (10004)'],
])('%s is a place', (text, shown) => {
  expect(formatPlace(parsePlace(text))).toBe(shown);
});

const TABLES = '"holding N", "input N", "coil N" or "discrete N"';

describe('what has two meanings is refused, with both', () => {
  test.each([
    [
      '0x0001',
      'the reference of coil 0, or the hexadecimal number 1 without its table; write "coil 0", "holding 0x0001"',
    ],
    ['1', `the reference of coil 0, or an address without its table; write "coil 0", ${TABLES.replaceAll('N', '1')}`],
    [100, 'the reference of coil 99, or an address without its table'],
    ['040001', 'coil 40000 (a reference of six digits), or holding 0 (one of five, with a zero too many)'],
    ['register 4', 'holding 4, or input 4; write "holding 4" or "input 4"'],
    ['inputs 3', 'discrete 3, or input 3'],
    ['%MD1', 'holding 1 (counting words), or holding 2 (counting pairs of them); write "holding 1" or "holding 2"'],
    ['%MX0.3', 'coil 3 (eight bits to each number), or holding 0.3 (a bit of a word)'],
    ['%I0.3', 'discrete 3 (eight bits to each number), or input 0.3 (a bit of a word)'],
    ['%MB3', 'holding 1 (counting bytes), or holding 3 (counting words)'],
    ['%QW0', 'holding 0, where some PLCs show it, or a place to which a program copies it'],
  ])('%s', (text, meanings) => {
    expect(() => parsePlace(text)).toThrow(`"${text}" has two meanings: ${meanings}`);
  });
});

describe('what is no place is refused, with what to write', () => {
  test.each([
    ['holding', 'expected a place, such as "holding 0"'],
    ['', 'expected a place, such as "holding 0"'],
    ['holding -1', 'expected a place'],
    ['holding 1.5.2', 'expected a place'],
    ['%ZZ1', 'expected a place'],
    ['register', 'expected a place'],
    ['motor 1', '"motor 1" has an unknown table: write coil, discrete, input or holding'],
    ['constructor 1', '"constructor 1" has an unknown table'],
    ['0x1f', '"0x1f" is a number without its table: write "holding 0x1f"'],
    [20001, '"20001" is a number without its table: write "holding 20001"'],
    ['holding 65536', '"holding 65536" is outside the table: its addresses are 0 to 65535'],
    ['%MW65536', '"%MW65536" is outside the table'],
    ['40000', '"40000" is no reference: those of the table are 40001 to 465536'],
    [465537, '"465537" is no reference'],
    ['coil 3.1', 'a coil is a single bit: write "coil 3", without .1'],
    ['holding 3.16', 'the bits of a register are 0 to 15, found 16'],
    [40031.1, '40031.1 may have lost a zero at its end: write it as a text, such as "40031.10"'],
  ])('%s', (text, problem) => {
    expect(() => parsePlace(text)).toThrow(OptionsError);
    expect(() => parsePlace(text)).toThrow(problem);
  });
});

test('addresses count from 1 where that is said, but neither references nor addresses of a PLC do', () => {
  expect(parsePlace('holding 1', 1)).toEqual({ table: 'holdingRegisters', address: 0 });
  expect(parsePlace('coil 65536', 1)).toEqual({ table: 'coils', address: 65535 });
  expect(parsePlace(40001, 1)).toEqual({ table: 'holdingRegisters', address: 0 });
  expect(parsePlace('%MW0', 1)).toEqual({ table: 'holdingRegisters', address: 0 });
  expect(() => parsePlace('holding 0', 1)).toThrow('its addresses are 1 to 65536');
  expect(() => parsePlace('%MD1', 1)).toThrow('write "holding 2" or "holding 3"');
});

test.each(TABLE_NAMES)('every place of %s is shown as it can be written', (table) => {
  for (const address of [0, 1, 9998, 9999, 65535]) {
    const place: PointPlace = { table, address };
    const [name = ''] = formatPlace(place).split(' (');
    expect(parsePlace(name)).toEqual(place);
    expect(parsePlace(referenceOf(place))).toEqual(place);
  }
});
