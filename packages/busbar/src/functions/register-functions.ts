import { copyBytes, readUint16, writeUint16 } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { FunctionCode } from '../protocol/function-codes.js';
import { MAX_READ_REGISTERS, MAX_READ_WRITE_REGISTERS, MAX_WRITE_REGISTERS } from '../protocol/limits.js';
import type { TableName } from '../protocol/tables.js';
import { tellRead, writeRange, writeRefusal } from './effects.js';
import { readTable } from './read-table.js';
import { type FunctionEntry, type ModbusFunction, type Result, refuse, type Transaction } from './transaction.js';

/** 03, 04 (AP, clauses 6.3 and 6.4). */
function readRegisters(table: TableName): ModbusFunction {
  return readTable(table, MAX_READ_REGISTERS, 16);
}

/** 06 (AP, clause 6.6). */
const writeSingleRegister: ModbusFunction = {
  effect: 'write',
  execute(transaction) {
    const { request, start } = transaction;
    return writeAndEcho(transaction, readUint16(request, start + 1), 1, start + 3);
  },
};

/** 10 (AP, clause 6.12). */
const writeMultipleRegisters: ModbusFunction = {
  effect: 'write',
  execute(transaction) {
    const { request, start } = transaction;
    const quantity = readUint16(request, start + 3);
    if (quantity < 1 || quantity > MAX_WRITE_REGISTERS || request[start + 5] !== 2 * quantity) {
      return refuse(ExceptionCode.IllegalDataValue);
    }
    return writeAndEcho(transaction, readUint16(request, start + 1), quantity, start + 6);
  },
};

/** The replies of 06 and 10 are the first five bytes of their requests. */
function writeAndEcho(
  transaction: Transaction,
  address: number,
  quantity: number,
  dataAt: number,
): Result | Promise<Result> {
  const { request, start, reply, replyStart } = transaction;
  const refusal = writeRefusal(transaction, 'holdingRegisters', address, quantity, request, dataAt);
  if (refusal !== 0) return refuse(refusal);
  copyBytes(request, start, 5, reply, replyStart);
  const pending = writeRange(transaction, 'holdingRegisters', address, quantity, request, dataAt);
  return pending === undefined ? 5 : pending.then(() => 5);
}

/** 16 (AP, clause 6.16): new = (old AND and) OR (or AND NOT and). */
const maskWriteRegister: ModbusFunction = {
  effect: 'write',
  execute(transaction) {
    const address = readUint16(transaction.request, transaction.start + 1);
    const table = transaction.device.tables.holdingRegisters;
    const index = table.locate(address, 1);
    if (index < 0) return refuse(ExceptionCode.IllegalDataAddress);
    if (table.parts?.isWritable(address, 1) === false) return refuse(transaction.device.access.readOnlyException);
    const register = new Uint8Array(2);
    const pending = table.read(index, 1, register, 0, transaction);
    const modify = () => writeMasked(transaction, address, register);
    return pending === undefined ? modify() : pending.then(modify);
  },
};

function writeMasked(transaction: Transaction, address: number, register: Uint8Array): Result | Promise<Result> {
  const { request, start, reply, replyStart } = transaction;
  const and = readUint16(request, start + 3);
  const or = readUint16(request, start + 5);
  writeUint16(register, 0, (readUint16(register, 0) & and) | (or & ~and));
  const refusal = writeRefusal(transaction, 'holdingRegisters', address, 1, register, 0);
  if (refusal !== 0) return refuse(refusal);
  copyBytes(request, start, 7, reply, replyStart);
  const pending = writeRange(transaction, 'holdingRegisters', address, 1, register, 0);
  return pending === undefined ? 7 : pending.then(() => 7);
}

/** 17 (AP, clause 6.17): the write is done before the read, and neither if one of them cannot be. */
const readWriteMultipleRegisters: ModbusFunction = {
  effect: 'write',
  execute(transaction) {
    const { request, start, device } = transaction;
    const readAddress = readUint16(request, start + 1);
    const readQuantity = readUint16(request, start + 3);
    const writeAddress = readUint16(request, start + 5);
    const writeQuantity = readUint16(request, start + 7);
    if (readQuantity < 1 || readQuantity > MAX_READ_REGISTERS) return refuse(ExceptionCode.IllegalDataValue);
    if (writeQuantity < 1 || writeQuantity > MAX_READ_WRITE_REGISTERS || request[start + 9] !== 2 * writeQuantity) {
      return refuse(ExceptionCode.IllegalDataValue);
    }
    if (device.tables.holdingRegisters.locate(readAddress, readQuantity) < 0) {
      return refuse(ExceptionCode.IllegalDataAddress);
    }
    const refusal = writeRefusal(transaction, 'holdingRegisters', writeAddress, writeQuantity, request, start + 10);
    if (refusal !== 0) return refuse(refusal);
    const pending = writeRange(transaction, 'holdingRegisters', writeAddress, writeQuantity, request, start + 10);
    const read = () => readAfterWrite(transaction, readAddress, readQuantity);
    return pending === undefined ? read() : pending.then(read);
  },
};

function readAfterWrite(transaction: Transaction, address: number, quantity: number): Result | Promise<Result> {
  const { reply, replyStart } = transaction;
  const table = transaction.device.tables.holdingRegisters;
  tellRead(transaction, 'holdingRegisters', address, quantity);
  reply[replyStart + 1] = 2 * quantity;
  const pending = table.read(table.locate(address, quantity), quantity, reply, replyStart + 2, transaction);
  const length = 2 + 2 * quantity;
  return pending === undefined ? length : pending.then(() => length);
}

export const registerFunctions: readonly FunctionEntry[] = [
  [FunctionCode.ReadHoldingRegisters, readRegisters('holdingRegisters')],
  [FunctionCode.ReadInputRegisters, readRegisters('inputRegisters')],
  [FunctionCode.WriteSingleRegister, writeSingleRegister],
  [FunctionCode.WriteMultipleRegisters, writeMultipleRegisters],
  [FunctionCode.MaskWriteRegister, maskWriteRegister],
  [FunctionCode.ReadWriteMultipleRegisters, readWriteMultipleRegisters],
];
