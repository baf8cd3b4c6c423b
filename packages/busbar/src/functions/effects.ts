import type { Range } from '../data/blocks.js';
import type { WriteEvent } from '../data/request.js';
import { emitSafely } from '../emit.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import type { TableName } from '../protocol/tables.js';
import type { Transaction } from './transaction.js';

/**
 * The exception code for a write to this range, or 0 if it is allowed. Has no effect. Order (AP, state diagrams): first
 * whether the addresses exist, then whether they may be written with these values.
 */
export function writeRefusal(
  { device }: Transaction,
  name: TableName,
  address: number,
  quantity: number,
  source: Uint8Array,
  at: number,
): number {
  const table = device.tables[name];
  if (table.locate(address, quantity) < 0) return ExceptionCode.IllegalDataAddress;
  if (table.parts?.isWritable(address, quantity) === false) return device.access.readOnlyException;
  return device.access.refusal(name, address, quantity, source, at);
}

/** A client reads an existing range: raises `read` before the values are read. */
export function tellRead(transaction: Transaction, table: TableName, address: number, quantity: number): void {
  const { unit, peer } = transaction;
  if (unit.listenerCount('read') === 0) return;
  const event = { unit, table, address, quantity, peer };
  emitSafely(unit, 'read', [event], (thrown) => transaction.report(thrown));
}

/** Writes a checked range, given in wire form, and raises `write` for the changes in memory. */
export function writeRange(
  transaction: Transaction,
  name: 'coils' | 'holdingRegisters',
  address: number,
  quantity: number,
  source: Uint8Array,
  at: number,
): void | Promise<void> {
  const { unit, device } = transaction;
  if (transaction.expired) return;
  const table = device.tables[name];
  const index = table.locate(address, quantity);
  if (unit.listenerCount('write') === 0) return table.write(index, quantity, source, at, transaction);
  let events: (() => WriteEvent)[] = [];
  const storing = () => {
    const parts = table.parts?.storedParts(address, quantity) ?? [{ start: address, count: quantity }];
    events = parts.map((part) => beginChange(transaction, name, part));
  };
  const tell = () => {
    for (const event of events) emitSafely(unit, 'write', [event()], (thrown) => transaction.report(thrown));
  };
  const pending = table.write(index, quantity, source, at, transaction, storing);
  return pending === undefined ? tell() : pending.then(tell);
}

/** A range in memory is about to change. @returns a function that makes the event afterwards. */
function beginChange(
  { unit, peer }: Transaction,
  table: 'coils' | 'holdingRegisters',
  { start: address, count }: Range,
): () => WriteEvent {
  const told = { unit, peer, address };
  if (table === 'coils') {
    const previous = unit.coils.getRange(address, count);
    return () => ({ ...told, table, values: unit.coils.getRange(address, count), previous });
  }
  const previous = unit.holdingRegisters.getRange(address, count);
  return () => ({ ...told, table, values: unit.holdingRegisters.getRange(address, count), previous });
}
