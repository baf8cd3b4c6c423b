import { registerBits } from '../data/bit-form.js';
import { BITS, registersOf } from '../data/overlay.js';
import type { TableName } from '../protocol/tables.js';
import type { Transaction } from './transaction.js';

/** A range that a client wants to write, in wire form. */
interface WantedWrite {
  readonly name: TableName;
  readonly address: number;
  readonly quantity: number;
  /** Holds the values from `at` on. */
  readonly source: Uint8Array;
  readonly at: number;
}

/**
 * Where all tables are one memory, asks the access rules of the table that a write does not name but changes, and the
 * points, which are in its registers. @returns the exception code, or 0 if the write is allowed.
 */
export function overlaidRefusal(transaction: Transaction, write: WantedWrite): number {
  const { access, points } = transaction.device;
  const { rules } = points;
  if (rules === undefined && !access.restrictsWrites) return 0;
  const { name, address, quantity, source, at } = write;
  if (name === 'coils') {
    const { start, count } = registersOf(address, quantity);
    const registers = registersAfter(transaction, write);
    const written = { start: address, count: quantity };
    const refusal = access.refusal('holdingRegisters', start, count, registers, 0);
    return refusal || (rules?.refusal('holdingRegisters', start, count, registers, 0, written) ?? 0);
  }
  const bits = new Uint8Array(2 * quantity);
  registerBits.pack(source.subarray(at), 0, BITS * quantity, bits, 0);
  const refusal = access.refusal('coils', BITS * address, BITS * quantity, bits, 0);
  return refusal || (rules?.refusal(name, address, quantity, source, at) ?? 0);
}

/** What the registers of these coils would hold after the write, in wire form. */
function registersAfter(transaction: Transaction, { address, quantity, source, at }: WantedWrite): Uint8Array {
  const { holdingRegisters } = transaction.device.tables;
  const { start, count } = registersOf(address, quantity);
  const registers = new Uint8Array(2 * count);
  holdingRegisters.read(holdingRegisters.locate(start, count), count, registers, 0, transaction);
  registerBits.unpack(source, at, quantity, registers, address - BITS * start);
  return registers;
}
