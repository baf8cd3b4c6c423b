import { copyBytes, writeUint16 } from '../protocol/bytes.js';
import type { ModbusFunction, Transaction } from './transaction.js';

const STATUS_READY = 0x0000;
const STATUS_BUSY = 0xffff;

/** 07 (AP, clause 6.7). */
export const readExceptionStatus: ModbusFunction = {
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

/** 0B (AP, clause 6.9): the status is busy while a user's handler works on the unit. */
export const getCommEventCounter: ModbusFunction = {
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
export const getCommEventLog: ModbusFunction = {
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
export const reportServerId: ModbusFunction = {
  effect: 'none',
  execute({ device, reply, replyStart }) {
    const { bytes } = device.serverId;
    reply[replyStart + 1] = bytes.length;
    copyBytes(bytes, 0, bytes.length, reply, replyStart + 2);
    return 2 + bytes.length;
  },
};
