import { copyBytes, readUint16, writeUint16 } from '../pdu/bytes.js';
import { ExceptionCode } from '../pdu/exception-codes.js';
import { FunctionCode } from '../pdu/function-codes.js';
import { type ModbusFunction, type Result, refuse, SILENCE, type Transaction } from './transaction.js';

/** Sub-functions of 08 (AP, clause 6.8.1). */
const Diagnostic = {
  ReturnQueryData: 0x00,
  RestartCommunications: 0x01,
  ReturnDiagnosticRegister: 0x02,
  ChangeAsciiDelimiter: 0x03,
  ForceListenOnly: 0x04,
  ClearCounters: 0x0a,
  ClearOverrunCounter: 0x14,
} as const;

const STATUS_READY = 0x0000;
const STATUS_BUSY = 0xffff;
const CLEAR_EVENT_LOG = 0xff00;

/** Sub-functions that return a counter. */
const COUNTERS = new Map([
  [0x0b, 'busMessages'],
  [0x0c, 'busCommunicationErrors'],
  [0x0d, 'exceptions'],
  [0x0e, 'messages'],
  [0x0f, 'noResponses'],
  [0x10, 'negativeAcknowledges'],
  [0x11, 'busyReplies'],
  [0x12, 'characterOverruns'],
] as const);

/** Whether this is a valid 08/01, the only request that listen-only mode lets through. */
export function isRestart(request: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 5 || request[start] !== FunctionCode.Diagnostics) return false;
  const data = readUint16(request, start + 3);
  return (
    readUint16(request, start + 1) === Diagnostic.RestartCommunications && (data === 0 || data === CLEAR_EVENT_LOG)
  );
}

/** 08 (AP, clause 6.8). */
export const diagnostics: ModbusFunction = {
  effect: 'none',
  execute(transaction) {
    const { request, start, end, reply, replyStart } = transaction;
    const length = end - start;
    if (length < 3) return refuse(ExceptionCode.IllegalDataValue);
    const subFunction = readUint16(request, start + 1);
    if (subFunction === Diagnostic.ReturnQueryData) {
      // Its data are words: N x 2 bytes (AP, clause 6.8.1).
      if (length % 2 === 0) return refuse(ExceptionCode.IllegalDataValue);
      copyBytes(request, start, length, reply, replyStart);
      return length;
    }
    const run = SUB_FUNCTIONS.get(subFunction);
    if (run === undefined) return refuse(ExceptionCode.IllegalFunction);
    if (length !== 5) return refuse(ExceptionCode.IllegalDataValue);
    copyBytes(request, start, 5, reply, replyStart);
    return run(transaction, readUint16(request, start + 3));
  },
};

type SubFunction = (transaction: Transaction, data: number) => Result;

const SUB_FUNCTIONS = new Map<number, SubFunction>([
  [Diagnostic.RestartCommunications, restartCommunications],
  [Diagnostic.ReturnDiagnosticRegister, zeroData(({ unit }) => unit.diagnosticRegister)],
  [Diagnostic.ChangeAsciiDelimiter, changeAsciiDelimiter],
  [Diagnostic.ForceListenOnly, forceListenOnly],
  [Diagnostic.ClearCounters, clearCounters],
  [Diagnostic.ClearOverrunCounter, zeroData(clearOverrunCounter)],
  ...[...COUNTERS].map(([code, name]): [number, SubFunction] => [
    code,
    zeroData(({ diagnostics }) => diagnostics.counters[name]),
  ]),
]);

/** A sub-function whose request data must be 0000, and whose reply data is a 16-bit value. */
function zeroData(value: (transaction: Transaction) => number): SubFunction {
  return (transaction, data) => {
    if (data !== 0) return refuse(ExceptionCode.IllegalDataValue);
    writeUint16(transaction.reply, transaction.replyStart + 3, value(transaction) & 0xffff);
    return 5;
  };
}

/** 08/01: in listen-only mode it is carried out but not answered. */
function restartCommunications({ diagnostics }: Transaction, data: number): Result {
  if (data !== 0 && data !== CLEAR_EVENT_LOG) return refuse(ExceptionCode.IllegalDataValue);
  const silent = diagnostics.listenOnly;
  diagnostics.restart(data === CLEAR_EVENT_LOG);
  return silent ? SILENCE : 5;
}

/** 08/03: CHAR in the high byte, 00 in the low one. */
function changeAsciiDelimiter({ line }: Transaction, data: number): Result {
  if ((data & 0xff) !== 0) return refuse(ExceptionCode.IllegalDataValue);
  line.asciiDelimiter = data >> 8;
  return 5;
}

function forceListenOnly({ diagnostics }: Transaction, data: number): Result {
  if (data !== 0) return refuse(ExceptionCode.IllegalDataValue);
  diagnostics.enterListenOnly();
  return SILENCE;
}

function clearCounters({ diagnostics, unit }: Transaction, data: number): Result {
  if (data !== 0) return refuse(ExceptionCode.IllegalDataValue);
  diagnostics.clear();
  unit.diagnosticRegister = 0;
  return 5;
}

function clearOverrunCounter({ diagnostics }: Transaction): number {
  diagnostics.clearOverruns();
  return 0;
}

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

/** 0B (AP, clause 6.9): status is busy while a user's handler is at work on the unit. */
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
