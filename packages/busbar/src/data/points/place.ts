import { referenceTo } from '../../protocol/references.js';
import type { TableName } from '../../protocol/tables.js';

/** The place of a point: the first of its coils, inputs or registers, or one bit of a register. */
export interface PointPlace {
  readonly table: TableName;
  /** Protocol address, 0..65535. */
  readonly address: number;
  /** One bit of a register: 0 (least significant) to 15. */
  readonly bit?: number | undefined;
}

/** What an item of each table is called in places. */
export const TABLE_WORDS: Readonly<Record<TableName, string>> = {
  coils: 'coil',
  discreteInputs: 'discrete',
  inputRegisters: 'input',
  holdingRegisters: 'holding',
};

/** Whether a table consists of registers, not of single bits. */
export function hasRegisters(table: TableName): boolean {
  return table === 'holdingRegisters' || table === 'inputRegisters';
}

/** The reference that manuals use: `40001` is holding register 0. From address 9999 on it has six digits: `410000`. */
export function referenceOf({ table, address, bit }: PointPlace): string {
  return referenceTo(table, address) + bitSuffix(bit);
}

/** A place in both forms: `holding 0 (40001)`. The first number is the protocol address, counted from 0. */
export function formatPlace(place: PointPlace): string {
  return `${nameOf(place)} (${referenceOf(place)})`;
}

/** @param first the number of the first item of a table. */
export function nameOf({ table, address, bit }: PointPlace, first = 0): string {
  return `${TABLE_WORDS[table]} ${address + first}${bitSuffix(bit)}`;
}

function bitSuffix(bit: number | undefined): string {
  return bit === undefined ? '' : `.${bit}`;
}
