import { readUint16 } from './bytes.js';
import { FunctionCode } from './function-codes.js';
import { MAX_REFUSABLE_LENGTH } from './limits.js';

/** How long a PDU is: `base` bytes, plus as many as the byte at `countAt` says, if it has one. */
export interface LengthRule {
  base: number;
  countAt?: number;
}

/**
 * Request PDU lengths by function code (AP, clause 6). One table for validation and for finding the end of RTU frames.
 * Diagnostics and the encapsulated interface are absent: their length follows from the sub-function.
 */
export const REQUEST_LENGTHS: ReadonlyMap<number, LengthRule> = new Map<number, LengthRule>([
  [FunctionCode.ReadCoils, { base: 5 }],
  [FunctionCode.ReadDiscreteInputs, { base: 5 }],
  [FunctionCode.ReadHoldingRegisters, { base: 5 }],
  [FunctionCode.ReadInputRegisters, { base: 5 }],
  [FunctionCode.WriteSingleCoil, { base: 5 }],
  [FunctionCode.WriteSingleRegister, { base: 5 }],
  [FunctionCode.ReadExceptionStatus, { base: 1 }],
  [FunctionCode.GetCommEventCounter, { base: 1 }],
  [FunctionCode.GetCommEventLog, { base: 1 }],
  [FunctionCode.WriteMultipleCoils, { base: 6, countAt: 5 }],
  [FunctionCode.WriteMultipleRegisters, { base: 6, countAt: 5 }],
  [FunctionCode.ReportServerId, { base: 1 }],
  [FunctionCode.ReadFileRecord, { base: 2, countAt: 1 }],
  [FunctionCode.WriteFileRecord, { base: 2, countAt: 1 }],
  [FunctionCode.MaskWriteRegister, { base: 7 }],
  [FunctionCode.ReadWriteMultipleRegisters, { base: 10, countAt: 9 }],
  [FunctionCode.ReadFifoQueue, { base: 3 }],
]);

/** Length that the PDU at `start` must have by its rule; 0 while the byte that tells it has not come yet. */
export function requestLength(rule: LengthRule, bytes: Uint8Array, start: number, end: number): number {
  if (rule.countAt === undefined) return rule.base;
  return start + rule.countAt < end ? rule.base + bytes[start + rule.countAt] : 0;
}

const WRITES_WITH_COUNT: ReadonlySet<number> = new Set([
  FunctionCode.WriteMultipleCoils,
  FunctionCode.WriteMultipleRegisters,
  FunctionCode.WriteFileRecord,
  FunctionCode.ReadWriteMultipleRegisters,
]);

/** Length of the write at `start` by its byte count; 0 while that is missing, undefined if it is no write that has one. */
export function lengthOfWrite(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (start >= end) return 0;
  const rule = WRITES_WITH_COUNT.has(bytes[start]) ? REQUEST_LENGTHS.get(bytes[start]) : undefined;
  return rule && requestLength(rule, bytes, start, end);
}

/** Whether a request PDU may be carried out or, too long for that, ends where its byte count says, so that it can be refused. */
export function isAnswerable(bytes: Uint8Array, start: number, end: number, maxPduLength: number): boolean {
  const length = end - start;
  if (length <= maxPduLength) return true;
  return length <= MAX_REFUSABLE_LENGTH && lengthOfWrite(bytes, start, end) === length;
}

/**
 * Reply PDU lengths by function code (AP, clause 6), for following the traffic of other stations. Diagnostics is absent: it
 * echoes. So are the FIFO queue and the encapsulated interface, which say it in other ways.
 */
const REPLY_LENGTHS: ReadonlyMap<number, LengthRule> = new Map<number, LengthRule>([
  [FunctionCode.ReadCoils, { base: 2, countAt: 1 }],
  [FunctionCode.ReadDiscreteInputs, { base: 2, countAt: 1 }],
  [FunctionCode.ReadHoldingRegisters, { base: 2, countAt: 1 }],
  [FunctionCode.ReadInputRegisters, { base: 2, countAt: 1 }],
  [FunctionCode.WriteSingleCoil, { base: 5 }],
  [FunctionCode.WriteSingleRegister, { base: 5 }],
  [FunctionCode.ReadExceptionStatus, { base: 2 }],
  [FunctionCode.GetCommEventCounter, { base: 5 }],
  [FunctionCode.GetCommEventLog, { base: 2, countAt: 1 }],
  [FunctionCode.WriteMultipleCoils, { base: 5 }],
  [FunctionCode.WriteMultipleRegisters, { base: 5 }],
  [FunctionCode.ReportServerId, { base: 2, countAt: 1 }],
  [FunctionCode.ReadFileRecord, { base: 2, countAt: 1 }],
  [FunctionCode.WriteFileRecord, { base: 2, countAt: 1 }],
  [FunctionCode.MaskWriteRegister, { base: 7 }],
  [FunctionCode.ReadWriteMultipleRegisters, { base: 2, countAt: 1 }],
]);

/** MEI type of read device identification (AP, clause 6.21). */
export const READ_DEVICE_IDENTIFICATION = 0x0e;

/** Length that the reply PDU at `start` must have; 0 while bytes that tell it are missing, undefined if its function has no rule. */
export function replyLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  switch (bytes[start]) {
    case FunctionCode.ReadFifoQueue:
      return end - start < 3 ? 0 : 3 + readUint16(bytes, start + 1);
    case FunctionCode.EncapsulatedInterfaceTransport:
      return identificationLength(bytes, start, end);
    default: {
      const rule = REPLY_LENGTHS.get(bytes[start]);
      return rule === undefined ? undefined : requestLength(rule, bytes, start, end);
    }
  }
}

/** Read device identification: 0E, code, conformity, more follows, next object, their number, then id, length, bytes each. */
function identificationLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < 2) return 0;
  if (bytes[start + 1] !== READ_DEVICE_IDENTIFICATION) return undefined;
  if (end - start < 7) return 0;
  let at = start + 7;
  for (let objects = bytes[start + 6]; objects > 0; objects--) {
    if (at + 1 >= end) return 0;
    at += 2 + bytes[at + 1];
  }
  return at - start;
}

/** Length of the normal reply to an intact request PDU as far as the request tells it, else undefined. */
export function lengthOfReplyTo(request: Uint8Array, start: number, end: number): number | undefined {
  switch (request[start]) {
    case FunctionCode.ReadCoils:
    case FunctionCode.ReadDiscreteInputs:
      return 2 + Math.ceil(readUint16(request, start + 3) / 8);
    case FunctionCode.ReadHoldingRegisters:
    case FunctionCode.ReadInputRegisters:
    case FunctionCode.ReadWriteMultipleRegisters:
      return 2 + 2 * readUint16(request, start + 3);
    case FunctionCode.Diagnostics:
    case FunctionCode.WriteFileRecord:
      return end - start;
    case FunctionCode.ReadFileRecord:
      return fileRecordsLength(request, start + 2, end);
    default:
      return undefined;
  }
}

/** Each group asks for as many records as its last two bytes say; its part of the reply has two bytes more. */
function fileRecordsLength(request: Uint8Array, start: number, end: number): number {
  let length = 2;
  for (let group = start; group + 7 <= end; group += 7) length += 2 + 2 * readUint16(request, group + 5);
  return length;
}
