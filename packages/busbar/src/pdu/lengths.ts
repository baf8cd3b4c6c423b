import { FunctionCode } from './function-codes.js';

/** How long a request PDU is: `base` bytes, plus as many as the byte at `countAt` says, if it has one. */
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
