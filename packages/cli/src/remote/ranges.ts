import type { Table, TableWord } from '../api/contract.js';
import { UsageError } from '../ground/usage-error.js';
import { unitPath } from './points.js';

/** Addresses of a table, as words name them: `1 holding 0 10`. */
export interface RangeWords {
  readonly unit: string;
  readonly table: TableWord;
  readonly start: number;
  /** The words behind the address. */
  readonly rest: readonly string[];
}

const TABLES: Readonly<Record<string, TableWord>> = {
  coil: 'coils',
  coils: 'coils',
  discrete: 'discrete',
  holding: 'holding',
  input: 'input',
};

/** What bodies call them. */
export const TABLE_NAMES: Readonly<Record<TableWord, Table>> = {
  coils: 'coils',
  discrete: 'discreteInputs',
  holding: 'holdingRegisters',
  input: 'inputRegisters',
};

/** Reads `1 holding 0 …`. @returns undefined if the words name points. @throws UsageError */
export function rangeWords([unit = '', table = '', start, ...rest]: readonly string[]): RangeWords | undefined {
  if (!Object.hasOwn(TABLES, table)) return undefined;
  if (start === undefined) throw new UsageError(`an address is missing, such as in: ${unit} ${table} 0`);
  return { unit, table: TABLES[table], start: wholeNumber(start, 'an address', 0xffff), rest };
}

/** @throws UsageError */
export function wholeNumber(text: string, what: string, most: number): number {
  const number = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new UsageError(`${what} is a whole number up to ${most}, such as 10 or 0x0A, not "${text}"`);
}

export function isOfBits(table: TableWord): boolean {
  return table === 'coils' || table === 'discrete';
}

/** The path of a range in the API. */
export function rangePath({ unit, table, start }: RangeWords, query: Record<string, string | undefined>): string {
  const search = new URLSearchParams({ start: String(start) });
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, value);
  return `${unitPath(unit)}/${table}?${search}`;
}
