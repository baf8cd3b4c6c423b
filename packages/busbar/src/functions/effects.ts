import type { WriteEvent } from '../data/request.js';
import type { TableName } from '../data/table.js';
import { emitSafely } from '../emit.js';
import { ExceptionCode } from '../pdu/exception-codes.js';
import type { Transaction } from './transaction.js';

/**
 * Exception code that a write of this range must be refused with, or 0. Has no effect.
 * Order (AP, state diagrams): first whether the addresses exist, then whether they may be written, with that value.
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
  if (!table.writable) return device.access.readOnlyException;
  return device.access.refusal(name, address, quantity, source, at);
}

/** Writes a checked range, given in wire form, and tells the unit's listeners. */
export function writeRange(
  transaction: Transaction,
  name: 'coils' | 'holdingRegisters',
  address: number,
  quantity: number,
  source: Uint8Array,
  at: number,
): void | Promise<void> {
  const { unit, device, client } = transaction;
  if (transaction.expired) return;
  const table = device.tables[name];
  if (!table.inMemory || unit.listenerCount('write') === 0) {
    return table.write(table.locate(address, quantity), quantity, source, at, transaction);
  }
  const write = () => table.write(table.locate(address, quantity), quantity, source, at, transaction);
  const told = { unit, client, address };
  const event: WriteEvent =
    name === 'coils'
      ? { ...told, table: name, ...change(unit.coils, address, quantity, write) }
      : { ...told, table: name, ...change(unit.holdingRegisters, address, quantity, write) };
  emitSafely(unit, 'write', [event], (thrown) => transaction.report(thrown));
}

/** What a range holds before and after a write. */
function change<Value>(
  table: { getRange(address: number, count: number): Value[] },
  address: number,
  quantity: number,
  write: () => void,
): { values: Value[]; previous: Value[] } {
  const previous = table.getRange(address, quantity);
  write();
  return { values: table.getRange(address, quantity), previous };
}
