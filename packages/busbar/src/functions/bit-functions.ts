import { bitBytes } from '../protocol/bits.js';
import { copyBytes, readUint16 } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { FunctionCode } from '../protocol/function-codes.js';
import { MAX_READ_BITS, MAX_WRITE_BITS } from '../protocol/limits.js';
import { COIL_OFF, COIL_ON } from '../protocol/sheets/bits.js';
import type { TableName } from '../protocol/tables.js';
import { writeRange, writeRefusal } from './effects.js';
import { readTable } from './read-table.js';
import { type FunctionEntry, type ModbusFunction, refuse } from './transaction.js';

/** A single coil in wire form. */
const ON = Uint8Array.of(1);
const OFF = Uint8Array.of(0);

/** 01, 02 (AP, clauses 6.1 and 6.2). */
function readBits(table: TableName): ModbusFunction {
  return readTable(table, MAX_READ_BITS, 1);
}

/** 05 (AP, clause 6.5). */
const writeSingleCoil: ModbusFunction = {
  effect: 'write',
  execute(transaction) {
    const { request, start, reply, replyStart } = transaction;
    const address = readUint16(request, start + 1);
    const value = readUint16(request, start + 3);
    if (value !== COIL_ON && value !== COIL_OFF) return refuse(ExceptionCode.IllegalDataValue);
    const bit = value === COIL_ON ? ON : OFF;
    const refusal = writeRefusal(transaction, 'coils', address, 1, bit, 0);
    if (refusal !== 0) return refuse(refusal);
    copyBytes(request, start, 5, reply, replyStart);
    const pending = writeRange(transaction, 'coils', address, 1, bit, 0);
    return pending === undefined ? 5 : pending.then(() => 5);
  },
};

/** 0F (AP, clause 6.11). */
const writeMultipleCoils: ModbusFunction = {
  effect: 'write',
  execute(transaction) {
    const { request, start, reply, replyStart } = transaction;
    const address = readUint16(request, start + 1);
    const quantity = readUint16(request, start + 3);
    if (quantity < 1 || quantity > MAX_WRITE_BITS || request[start + 5] !== bitBytes(quantity)) {
      return refuse(ExceptionCode.IllegalDataValue);
    }
    const refusal = writeRefusal(transaction, 'coils', address, quantity, request, start + 6);
    if (refusal !== 0) return refuse(refusal);
    copyBytes(request, start, 5, reply, replyStart);
    const pending = writeRange(transaction, 'coils', address, quantity, request, start + 6);
    return pending === undefined ? 5 : pending.then(() => 5);
  },
};

export const bitFunctions: readonly FunctionEntry[] = [
  [FunctionCode.ReadCoils, readBits('coils')],
  [FunctionCode.ReadDiscreteInputs, readBits('discreteInputs')],
  [FunctionCode.WriteSingleCoil, writeSingleCoil],
  [FunctionCode.WriteMultipleCoils, writeMultipleCoils],
];
