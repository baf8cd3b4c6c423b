import { ADDRESS_COUNT } from '../../protocol/limits.js';
import { TABLE_DIGITS } from '../../protocol/references.js';
import { TABLE_NAMES, type TableName } from '../../protocol/tables.js';
import { nameOf, type PointPlace, TABLE_WORDS } from './place.js';
import { readPlc } from './plc-notation.js';
import { twoMeanings, twoPlaces } from './two-meanings.js';

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
