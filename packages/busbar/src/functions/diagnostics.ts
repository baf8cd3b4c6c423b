import { contextOf } from '../data/request.js';
import { copyBytes, readUint16, writeUint16 } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { FunctionCode } from '../protocol/function-codes.js';
import {
  type DiagnosticAction,
  type FunctionEntry,
  type ModbusFunction,
  type Result,
  refuse,
  SILENCE,
  type Transaction,
} from './transaction.js';

export const DIAGNOSTICS_POLICIES = ['all', 'read', 'none'] as const;
/** Which sub-functions of 08 are answered: all, those that change nothing (00, 02, 0B to 12), or none. */
export type DiagnosticsPolicy = (typeof DIAGNOSTICS_POLICIES)[number];

const RESTART = 0x01;
const CLEAR_EVENT_LOG = 0xff00;

/** Sub-functions that return a counter (AP, clause 6.8.1). */
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

interface SubFunction {
  /** Undefined: it only reads. */
  readonly action?: DiagnosticAction;
  /** Carries it out. The reply already contains a copy of the request. */
  run(transaction: Transaction, data: number): Result;
}

/** The sub-functions whose requests have two bytes of data. */
const SUB_FUNCTIONS = new Map<number, SubFunction>([
  [RESTART, { action: 'restart', run: restartCommunications }],
  [0x02, { run: zeroData(({ unit }) => unit.diagnosticRegister) }],
  [0x03, { action: 'changeDelimiter', run: changeAsciiDelimiter }],
  [0x04, { action: 'listenOnly', run: forceListenOnly }],
  [0x0a, { action: 'clearCounters', run: clearCounters }],
  [0x14, { action: 'clearOverruns', run: zeroData(clearOverrunCounter) }],
  ...[...COUNTERS].map(([code, name]): [number, SubFunction] => [
    code,
    { run: zeroData(({ diagnostics }) => diagnostics.counters[name]) },
  ]),
]);

/** Whether this is a valid 08/01, the only request that listen-only mode lets through. */
export function isRestart(request: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 5 || request[start] !== FunctionCode.Diagnostics) return false;
  const data = readUint16(request, start + 3);
  return readUint16(request, start + 1) === RESTART && (data === 0 || data === CLEAR_EVENT_LOG);
}

/** 08 (AP, clause 6.8), with the sub-functions that a policy allows. */
export function diagnosticFunctions(policy: DiagnosticsPolicy): readonly FunctionEntry[] {
  return policy === 'none' ? [] : [[FunctionCode.Diagnostics, diagnostics(policy)]];
}

function diagnostics(policy: Exclude<DiagnosticsPolicy, 'none'>): ModbusFunction {
  return {
    effect: 'none',
    execute(transaction) {
      const { request, start, end } = transaction;
      if (end - start < 3) return refuse(ExceptionCode.IllegalDataValue);
      const code = readUint16(request, start + 1);
      if (code === 0) return returnQueryData(transaction);
      const subFunction = SUB_FUNCTIONS.get(code);
      if (subFunction === undefined || (policy === 'read' && subFunction.action !== undefined)) {
        return refuse(ExceptionCode.IllegalFunction);
      }
      return runSubFunction(transaction, code, subFunction);
    },
  };
}

function returnQueryData({ request, start, end, reply, replyStart }: Transaction): Result {
  const length = end - start;
  // The data are words: N x 2 bytes (AP, clause 6.8.1).
  if (length % 2 === 0) return refuse(ExceptionCode.IllegalDataValue);
  copyBytes(request, start, length, reply, replyStart);
  return length;
}

function runSubFunction(transaction: Transaction, code: number, { action, run }: SubFunction): Result {
  const { request, start, end, reply, replyStart } = transaction;
  if (end - start !== 5) return refuse(ExceptionCode.IllegalDataValue);
  copyBytes(request, start, 5, reply, replyStart);
  const data = readUint16(request, start + 3);
  const result = run(transaction, data);
  if (action !== undefined && result >= 0) {
    transaction.audit.diagnosed({ ...contextOf(transaction), action, subFunction: code, data });
  }
  return result;
}

/** A sub-function whose request data must be 0000, and whose reply data is a 16-bit value. */
function zeroData(value: (transaction: Transaction) => number): SubFunction['run'] {
  return (transaction, data) => {
    if (data !== 0) return refuse(ExceptionCode.IllegalDataValue);
    writeUint16(transaction.reply, transaction.replyStart + 3, value(transaction) & 0xffff);
    return 5;
  };
}

/** 08/01: in listen-only mode it is carried out without a reply. */
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

function clearCounters(transaction: Transaction, data: number): Result {
  if (data !== 0) return refuse(ExceptionCode.IllegalDataValue);
  const { diagnostics, device, unit } = transaction;
  diagnostics.clear();
  device.changes.by(transaction, () => {
    unit.diagnosticRegister = 0;
  });
  return 5;
}

function clearOverrunCounter({ diagnostics }: Transaction): number {
  diagnostics.clearOverruns();
  return 0;
}
