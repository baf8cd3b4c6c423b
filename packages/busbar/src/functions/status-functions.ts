import { copyBytes, writeUint16 } from '../protocol/bytes.js';
import { FunctionCode } from '../protocol/function-codes.js';
import { STATUS_BUSY, STATUS_READY } from '../protocol/sheets/status.js';
import type { FunctionEntry, ModbusFunction, Transaction } from './transaction.js';

/** 07 (AP, clause 6.7). */
const readExceptionStatus: ModbusFunction = {
  effect: 'none',
  execute(transaction) {
    const { unit, device, reply, replyStart } = transaction;
    const status = unit.exceptionStatus;
    if (typeof status === 'number') reply[replyStart + 1] = status;
    else device.tables.coils.read(device.tables.coils.locate(status.coils, 8), 8, reply, replyStart + 1, transaction);
    return 2;
  },
};

function statusWord({ device }: Transaction): number {
  return device.lock.idle ? STATUS_READY : STATUS_BUSY;
}

/** 0B (AP, clause 6.9): status is busy while a user's handler is at work on the unit. */
const getCommEventCounter: ModbusFunction = {
  effect: 'none',
  counted: false,
  execute(transaction) {
    const { reply, replyStart, diagnostics } = transaction;
    writeUint16(reply, replyStart + 1, statusWord(transaction));
    writeUint16(reply, replyStart + 3, diagnostics.counters.events & 0xffff);
    return 5;
  },
};

/** 0C (AP, clause 6.10). */
const getCommEventLog: ModbusFunction = {
  effect: 'none',
  counted: false,
  execute(transaction) {
    const { reply, replyStart, diagnostics } = transaction;
    const { events, busMessages } = diagnostics.counters;
    const count = diagnostics.readEvents(reply, replyStart + 8);
    reply[replyStart + 1] = 6 + count;
    writeUint16(reply, replyStart + 2, statusWord(transaction));
    writeUint16(reply, replyStart + 4, events & 0xffff);
    writeUint16(reply, replyStart + 6, busMessages & 0xffff);
    return 8 + count;
  },
};

/** 11 (AP, clause 6.13). */
const reportServerId: ModbusFunction = {
  effect: 'none',
  execute({ device, reply, replyStart }) {
    const { bytes } = device.serverId;
    reply[replyStart + 1] = bytes.length;
    copyBytes(bytes, 0, bytes.length, reply, replyStart + 2);
    return 2 + bytes.length;
  },
};

export const statusFunctions: readonly FunctionEntry[] = [
  [FunctionCode.ReadExceptionStatus, readExceptionStatus],
  [FunctionCode.GetCommEventCounter, getCommEventCounter],
  [FunctionCode.GetCommEventLog, getCommEventLog],
  [FunctionCode.ReportServerId, reportServerId],
];
