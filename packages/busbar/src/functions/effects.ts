import { emitSafely } from '../emit.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import type { TableName } from '../protocol/tables.js';
import { overlaidRefusal } from './overlaid-rules.js';
import type { Transaction } from './transaction.js';

/**
 * The exception code for a write to this range, or 0 if it is allowed. Has no effect. Order (AP, state diagrams): first
 * whether the addresses exist, then whether they may be written with these values.
 */
export function writeRefusal(
  transaction: Transaction,
  name: TableName,
  address: number,
  quantity: number,
  source: Uint8Array,
  at: number,
): number {
  const { device } = transaction;
  const table = device.tables[name];
  if (table.locate(address, quantity) < 0) return ExceptionCode.IllegalDataAddress;
  if (table.parts?.isWritable(address, quantity) === false) return device.access.readOnlyException;
  const refusal = device.access.refusal(name, address, quantity, source, at);
  if (refusal !== 0) return refusal;
  if (device.overlaid) return overlaidRefusal(transaction, { name, address, quantity, source, at });
  return device.points.rules?.refusal(name, address, quantity, source, at) ?? 0;
}

/** A client reads an existing range: raises `read` before the values are read. */
export function tellRead(transaction: Transaction, table: TableName, address: number, quantity: number): void {
  const { unit, device, peer } = transaction;
  if (!device.changes.readsHeard) return;
  const event = { unit, table, address, quantity, peer };
  emitSafely(unit, 'read', [event], (thrown) => transaction.report(thrown));
}

/** Writes a checked range, given in wire form. The tables report the changes in memory. */
export function writeRange(
  transaction: Transaction,
  name: 'coils' | 'holdingRegisters',
  address: number,
  quantity: number,
  source: Uint8Array,
  at: number,
): void | Promise<void> {
  if (transaction.expired) return;
  return transaction.device.tables[name].write(address, quantity, source, at, transaction);
}
