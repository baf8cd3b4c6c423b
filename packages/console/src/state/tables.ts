import type { Table, TableWord } from '../api/contract.js';

interface TableFacts {
  readonly table: Table;
  readonly name: string;
  /** What its references begin with: `4` of `40001`. */
  readonly digit: string;
  /** Its name in places: `holding 0`. */
  readonly place: string;
  readonly isOfBits: boolean;
}

/** The tables of a unit, in the order of their references. */
export const TABLES: Readonly<Record<TableWord, TableFacts>> = {
  coils: { table: 'coils', name: 'Coils', digit: '0', place: 'coil', isOfBits: true },
  discrete: { table: 'discreteInputs', name: 'Discrete inputs', digit: '1', place: 'discrete', isOfBits: true },
  input: { table: 'inputRegisters', name: 'Input registers', digit: '3', place: 'input', isOfBits: false },
  holding: { table: 'holdingRegisters', name: 'Holding registers', digit: '4', place: 'holding', isOfBits: false },
};

/** The number that manuals use, with six digits where five are too few: `40001`, `465536`. */
export function referenceOf(word: TableWord, address: number): string {
  return TABLES[word].digit + String(address + 1).padStart(address < 9_999 ? 4 : 5, '0');
}
