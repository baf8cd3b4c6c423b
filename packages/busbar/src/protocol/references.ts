import { ADDRESS_COUNT } from './limits.js';
import type { TableName } from './tables.js';
import { span } from './text.js';

/** The first digit of a table's references. */
export const TABLE_DIGITS: Readonly<Record<TableName, string>> = {
  coils: '0',
  discreteInputs: '1',
  inputRegisters: '3',
  holdingRegisters: '4',
};

/** The most that the four digits behind the table's can count. */
const LAST_OF_FIVE_DIGITS = 9999;

/**
 * What manuals call an address: `40001` is holding register 0. It has six digits from address 9999 on, or if another
 * one beside it needs them.
 */
export function referenceTo(table: TableName, address: number, beside: number = address): string {
  const digits = Math.max(address, beside) + 1 > LAST_OF_FIVE_DIGITS ? 5 : 4;
  return TABLE_DIGITS[table] + String(address + 1).padStart(digits, '0');
}

/** `0 (40001)`, `0..2 (40001..40003)`. Addresses that don't exist have no reference. */
export function formatAddresses(table: TableName, first: number, quantity = 1): string {
  const last = first + quantity - 1;
  if (quantity === 0 || last >= ADDRESS_COUNT) return span(first, quantity);
  const [from, to] = [referenceTo(table, first, last), referenceTo(table, last)];
  return `${span(first, quantity)} (${quantity === 1 ? from : `${from}..${to}`})`;
}
