import type { Point, Table, TableWord } from '../../api/contract.js';
import { TABLES } from '../../state/tables.js';

/** An address of a table. */
export interface Place {
  readonly word: TableWord;
  readonly address: number;
}

/** Where a text leads to, or why it leads nowhere. */
export type Target = Place | { readonly problem: string };

/** The named groups of a match. */
type Groups = Readonly<Record<string, string | undefined>>;

interface Notation {
  readonly pattern: RegExp;
  /** @param here the table that is shown. @returns undefined if the text means something else. */
  readonly read: (groups: Groups, here: TableWord) => Place | undefined;
}

/** In the order in which they are tried, all in lower case. */
const NOTATIONS: readonly Notation[] = [
  { pattern: /^(?<name>[a-z][a-z _-]*?)[\s:/]*(?<number>0x[\da-f]+|\d+)$/, read: readNamed },
  { pattern: /^(?<digit>[134])(?:x(?<far>\d{1,5})|(?<near>\d{4,5}))$/, read: readReference },
  {
    pattern: /^(?<digit>0)(?<near>\d{4,5})$/,
    read: (groups, here) => (here === 'coils' ? readReference(groups) : undefined),
  },
  { pattern: /^%(?<area>[imq])(?<size>w?)(?<number>\d+)$/, read: readPlc },
  { pattern: /^(?<number>0x[\da-f]+|\d+)$/, read: ({ number }, word) => ({ word, address: Number(number) }) },
  { pattern: /^(?<digits>[\da-f]+)h$/, read: ({ digits }, word) => ({ word, address: Number(`0x${digits}`) }) },
];

const NAMES: Readonly<Record<string, TableWord>> = {
  coil: 'coils',
  di: 'discrete',
  discreteinput: 'discrete',
  ir: 'input',
  inputregister: 'input',
  hr: 'holding',
  holdingregister: 'holding',
};

/**
 * Reads the name of a point, or an address in any notation: `100`, `0x64`, `64h`, `holding 100`, `hr 100`, `40101`,
 * `400101`, `4x0101`, `%MW100`. A number of five or six digits that begins with the digit of a table is a reference.
 * @param here the table that is shown.
 */
export function targetOf(text: string, here: TableWord, points: readonly Point[]): Target {
  const point = points.find(({ name }) => name === text.trim());
  if (point !== undefined) return { word: wordOf(point.table), address: point.address };
  const given = text.trim().toLowerCase();
  for (const { pattern, read } of NOTATIONS) {
    const found = pattern.exec(given);
    const place = found === null ? undefined : read(found.groups ?? {}, here);
    if (place !== undefined) return checked(place, text);
  }
  return { problem: `${text} is no address: write 100, 0x64, ${TABLES[here].digit}0101 or the name of a point` };
}

function checked(place: Place, text: string): Target {
  if (place.address >= 0 && place.address <= 0xffff) return place;
  return { problem: `${text} is beyond the addresses, 0 to 65535` };
}

function readNamed({ name = '', number }: Groups): Place | undefined {
  const key = name.replaceAll(/[ _-]/g, '').replace(/s$/, '');
  const word = NAMES[key] ?? WORDS.find((each) => each === key);
  return word && { word, address: Number(number) };
}

function readReference({ digit, far, near }: Groups): Place | undefined {
  const word = WORDS.find((each) => TABLES[each].digit === digit);
  return word && { word, address: Number(far ?? near) - 1 };
}

function readPlc({ area, size, number }: Groups): Place {
  const isInput = area === 'i';
  const word = size === 'w' ? (isInput ? 'input' : 'holding') : isInput ? 'discrete' : 'coils';
  return { word, address: Number(number) };
}

const WORDS = Object.keys(TABLES) as TableWord[];

function wordOf(table: Table): TableWord {
  return WORDS.find((word) => TABLES[word].table === table) ?? 'holding';
}
