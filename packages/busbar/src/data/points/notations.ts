import { ADDRESS_COUNT } from '../../protocol/limits.js';
import { TABLE_DIGITS } from '../../protocol/references.js';
import { type BitTableName, type RegisterTableName, TABLE_NAMES, type TableName } from '../../protocol/tables.js';
import { nameOf, type PointPlace, TABLE_WORDS } from './place.js';

/** The named groups of a match. */
type Groups = Readonly<Record<string, string | undefined>>;

/** A way to write a place, in lower case. */
interface Notation {
  readonly pattern: RegExp;
  /**
   * @param first the number of the first item of a table.
   * @returns a message if it has no one meaning.
   */
  read(groups: Groups, first: number): PointPlace | string;
}

/** In the order in which they are tried. */
export const NOTATIONS: readonly Notation[] = [
  { pattern: /^(?<word>[a-z]([a-z _-]*[a-z])?)[\s:/]*(?<number>0x[0-9a-f]+|\d+)(\.(?<bit>\d+))?$/, read: readNamed },
  { pattern: /^(?<digit>[0134])x(?<number>\d{1,5})(\.(?<bit>\d+))?$/, read: readDigitX },
  { pattern: /^(?<digit>[0134])(?<number>\d{4,5})(\.(?<bit>\d+))?$/, read: readReference },
  { pattern: /^(?<number>0x[0-9a-f]+|\d+)$/, read: readBareNumber },
  {
    pattern: /^%(?<area>[imq])(?<size>[a-z]?)(?<number>\d+)([.:]x?(?<bit>\d+))?$/,
    read: ({ area = '', size = '', number, bit }, first) =>
      readPlc({ area, size, number: Number(number), bit: bit === undefined ? undefined : Number(bit) }, first),
  },
];

/** Words for the tables, without spaces. */
const WORDS: ReadonlyMap<string, TableName> = new Map([
  ...wordsFor('coils', 'coil', 'coils'),
  ...wordsFor('discreteInputs', 'discrete', 'discreteinput', 'discreteinputs', 'di'),
  ...wordsFor('inputRegisters', 'input', 'inputregister', 'inputregisters', 'ir'),
  ...wordsFor('holdingRegisters', 'holding', 'holdingregister', 'holdingregisters', 'hr'),
]);

function wordsFor(table: TableName, ...words: readonly string[]): [string, TableName][] {
  return words.map((word) => [word, table]);
}

/** Words that mean either of two tables. */
const VAGUE: ReadonlyMap<string, readonly [TableName, TableName]> = new Map([
  ['register', ['holdingRegisters', 'inputRegisters']],
  ['inputs', ['discreteInputs', 'inputRegisters']],
  ['output', ['coils', 'holdingRegisters']],
  ['bit', ['coils', 'discreteInputs']],
]);

function readNamed({ word = '', number, bit }: Groups, first: number): PointPlace | string {
  const key = word.replaceAll(/[ _-]/g, '');
  const vague = VAGUE.get(key);
  if (vague !== undefined) {
    const [a, b] = vague.map((table) => `${TABLE_WORDS[table]} ${number}`);
    return twoMeanings(a, b, a, b);
  }
  const table = WORDS.get(key);
  if (table === undefined) return 'has an unknown table: write coil, discrete, input or holding';
  const address = Number(number) - first;
  if (address >= 0 && address < ADDRESS_COUNT) return placeAt(table, address, bit);
  return `is outside the table: its addresses are ${first} to ${ADDRESS_COUNT - 1 + first}`;
}

function readDigitX({ digit, number = '', bit }: Groups, first: number): PointPlace | string {
  const place = readNumber(tableOf(digit), number, bit);
  if (digit !== '0' || typeof place === 'string') return place;
  const hexadecimal = `0x${number}`;
  return twoMeanings(
    `the reference of ${nameOf(place, first)}`,
    `the hexadecimal number ${Number(hexadecimal)} without its table`,
    nameOf(place, first),
    ...inEachTable(hexadecimal),
  );
}

function readReference({ digit, number = '', bit }: Groups, first: number): PointPlace | string {
  const place = readNumber(tableOf(digit), number, bit);
  if (digit !== '0' || number.length < 5 || typeof place === 'string') return place;
  const other = '134'.includes(number[0]) ? readNumber(tableOf(number[0]), number.slice(1), bit) : '';
  if (typeof other === 'string') return place;
  return twoPlaces(first, [place, 'a reference of six digits'], [other, 'one of five, with a zero too many']);
}

function readBareNumber({ number = '' }: Groups, first: number): string {
  const coil = /^0*[1-9]\d{0,3}$/.test(number) ? readNumber('coils', number, undefined) : '';
  const tables = inEachTable(number);
  if (typeof coil === 'string') return `is a number without its table: write "${tables.join('" or "')}"`;
  const name = nameOf(coil, first);
  return twoMeanings(`the reference of ${name}`, 'an address without its table', name, ...tables);
}

function inEachTable(number: string): string[] {
  return ['holding', 'input', 'coil', 'discrete'].map((word) => `${word} ${number}`);
}

/** A reference without its first digit: they count from 1. */
function readNumber(table: TableName, digits: string, bit: string | undefined): PointPlace | string {
  const address = Number(digits) - 1;
  if (address >= 0 && address < ADDRESS_COUNT) return placeAt(table, address, bit);
  const digit = TABLE_DIGITS[table];
  return `is no reference: those of the table are ${digit}0001 to ${digit}${ADDRESS_COUNT}`;
}

function tableOf(digit: string | undefined): TableName {
  return TABLE_NAMES.find((table) => TABLE_DIGITS[table] === digit) ?? 'coils';
}

function placeAt(table: TableName, address: number, bit: string | undefined): PointPlace {
  return bit === undefined ? { table, address } : { table, address, bit: Number(bit) };
}

/** An IEC 61131-3 address. `%MX10.3`: area `m`, size `x`, number 10, bit 3. */
interface PlcAddress {
  /** Inputs, outputs or memory. */
  readonly area: string;
  /** Bit, byte, word, double word; empty: bit. */
  readonly size: string;
  readonly number: number;
  readonly bit: number | undefined;
}

/**
 * The place of an address whose PLC counts as Modbus does: `%MW0`, `%MW0.3`, `%IW0`, `%M0`, `%I0`.
 * @param first the number of the first item of a table, for advice.
 * @returns a message if PLCs disagree about it.
 */
function readPlc(address: PlcAddress, first: number): PointPlace | string {
  const { area, size, number, bit } = address;
  if (number >= ADDRESS_COUNT) return `is outside the table: addresses are 0 to ${ADDRESS_COUNT - 1}`;
  if (area === 'q' && bit === undefined && size !== 'd' && size !== 'b') return ambiguousOutput(address, first);
  if (size === 'w') return { table: registersOf(area), address: number, bit };
  if (size === '' && bit === undefined) return { table: bitsOf(area), address: number };
  return ambiguous(address, first);
}

function bitsOf(area: string): BitTableName {
  return area === 'i' ? 'discreteInputs' : 'coils';
}

function registersOf(area: string): RegisterTableName {
  return area === 'i' ? 'inputRegisters' : 'holdingRegisters';
}

/** Some PLCs show their outputs in a table, for others a program has to copy them. */
function ambiguousOutput({ size, number }: PlcAddress, first: number): string {
  const place = `${size === 'w' ? 'holding' : 'coil'} ${number + first}`;
  return `has two meanings: ${place}, where some PLCs show it, or a place to which a program copies it; write "${place}" or that place`;
}

function ambiguous({ area, size, number, bit = 0 }: PlcAddress, first: number): string {
  const register = { table: registersOf(area), address: number };
  if (size === 'd' || size === 'f') {
    return twoPlaces(
      first,
      [register, 'counting words'],
      [{ ...register, address: 2 * number }, 'counting pairs of them'],
    );
  }
  if (size === 'b') {
    return twoPlaces(first, [{ ...register, address: number >> 1 }, 'counting bytes'], [register, 'counting words']);
  }
  const bits = { table: bitsOf(area), address: 8 * number + bit };
  return twoPlaces(first, [bits, 'eight bits to each number'], [{ ...register, bit }, 'a bit of a word']);
}

/** A text has two meanings: says both, and what to write instead, behind the text itself. */
function twoMeanings(first: string, second: string, ...instead: readonly string[]): string {
  const quoted = instead.map((each) => `"${each}"`);
  const list = [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter((part) => part !== '').join(' or ');
  return `has two meanings: ${first}, or ${second}; write ${list}`;
}

/** The same for two places, each with the reason for it. @param first the number of the first item of a table. */
function twoPlaces(first: number, ...places: readonly [Reasoned, Reasoned]): string {
  const [a, b] = places.map(([place]) => nameOf(place, first));
  return twoMeanings(`${a} (${places[0][1]})`, `${b} (${places[1][1]})`, a, b);
}

type Reasoned = readonly [place: PointPlace, reason: string];
