import { after } from '../promise.js';
import { readUint16, writeUint16 } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { FunctionCode } from '../protocol/function-codes.js';
import { MAX_FIFO_COUNT } from '../protocol/limits.js';
import { type FunctionEntry, type ModbusFunction, type Result, refuse, type Transaction } from './transaction.js';

/** 18 (AP, clause 6.18): the queue is not changed. */
const readFifoQueue: ModbusFunction = {
  effect: 'read',
  execute(transaction) {
    const pointer = readUint16(transaction.request, transaction.start + 1);
    return after(transaction.device.fifos.read(pointer, transaction), (values) => writeQueue(transaction, values));
  },
};

function writeQueue({ reply, replyStart }: Transaction, values: ArrayLike<number> | undefined): Result {
  if (values === undefined) return refuse(ExceptionCode.IllegalDataAddress);
  if (values.length > MAX_FIFO_COUNT) return refuse(ExceptionCode.IllegalDataValue);
  writeUint16(reply, replyStart + 1, 2 + 2 * values.length);
  writeUint16(reply, replyStart + 3, values.length);
  for (let i = 0; i < values.length; i++) writeUint16(reply, replyStart + 5 + 2 * i, values[i]);
  return 5 + 2 * values.length;
}

export const fifoFunctions: readonly FunctionEntry[] = [[FunctionCode.ReadFifoQueue, readFifoQueue]];
