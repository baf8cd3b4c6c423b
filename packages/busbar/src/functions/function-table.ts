import { FunctionCode } from '../protocol/function-codes.js';
import { type LengthRule, REQUEST_LENGTHS, requestLength } from '../protocol/lengths.js';
import { readSubFunction } from '../protocol/sub-functions.js';
import { readBits, writeMultipleCoils, writeSingleCoil } from './bit-functions.js';
import type { CheckedCustomFunction } from './custom-functions.js';
import { type DiagnosticsPolicy, diagnostics } from './diagnostics.js';
import { readFifoQueue } from './fifo-functions.js';
import { readFileRecord, writeFileRecord } from './file-functions.js';
import { encapsulatedInterface } from './identification.js';
import {
  maskWriteRegister,
  readRegisters,
  readWriteMultipleRegisters,
  writeMultipleRegisters,
  writeSingleRegister,
} from './register-functions.js';
import { getCommEventCounter, getCommEventLog, readExceptionStatus, reportServerId } from './status-functions.js';
import type { ModbusFunction } from './transaction.js';

const PUBLIC_FUNCTIONS: readonly [number, ModbusFunction][] = [
  [FunctionCode.ReadCoils, readBits('coils')],
  [FunctionCode.ReadDiscreteInputs, readBits('discreteInputs')],
  [FunctionCode.ReadHoldingRegisters, readRegisters('holdingRegisters')],
  [FunctionCode.ReadInputRegisters, readRegisters('inputRegisters')],
  [FunctionCode.WriteSingleCoil, writeSingleCoil],
  [FunctionCode.WriteSingleRegister, writeSingleRegister],
  [FunctionCode.ReadExceptionStatus, readExceptionStatus],
  [FunctionCode.GetCommEventCounter, getCommEventCounter],
  [FunctionCode.GetCommEventLog, getCommEventLog],
  [FunctionCode.WriteMultipleCoils, writeMultipleCoils],
  [FunctionCode.WriteMultipleRegisters, writeMultipleRegisters],
  [FunctionCode.ReportServerId, reportServerId],
  [FunctionCode.ReadFileRecord, readFileRecord],
  [FunctionCode.WriteFileRecord, writeFileRecord],
  [FunctionCode.MaskWriteRegister, maskWriteRegister],
  [FunctionCode.ReadWriteMultipleRegisters, readWriteMultipleRegisters],
  [FunctionCode.ReadFifoQueue, readFifoQueue],
  [FunctionCode.EncapsulatedInterfaceTransport, encapsulatedInterface],
];

interface Entry {
  readonly run: ModbusFunction;
  readonly length: LengthRule | undefined;
}

/** The functions of one server: public and custom. */
export class FunctionTable {
  readonly #byCode: (Entry | undefined)[] = new Array(256).fill(undefined);
  /** Custom functions for a sub-function only, by code. */
  readonly #bySubFunction: (Map<number, Entry> | undefined)[] = new Array(256).fill(undefined);

  constructor(policy: DiagnosticsPolicy, customFunctions: readonly CheckedCustomFunction[]) {
    for (const [code, run] of PUBLIC_FUNCTIONS) this.#byCode[code] = { run, length: REQUEST_LENGTHS.get(code) };
    if (policy !== 'none') this.#byCode[FunctionCode.Diagnostics] = { run: diagnostics(policy), length: undefined };
    for (const custom of customFunctions) this.#add(custom);
  }

  #add(custom: CheckedCustomFunction): void {
    const entry = { run: custom, length: custom.length };
    if (custom.subFunction === undefined) {
      this.#byCode[custom.code] = entry;
    } else {
      this.#bySubFunction[custom.code] ??= new Map();
      this.#bySubFunction[custom.code]?.set(custom.subFunction, entry);
    }
  }

  /** The function that a request PDU asks for; undefined if there is none. */
  find(request: Uint8Array, start: number, end: number): ModbusFunction | undefined {
    return this.#entry(request, start, end)?.run;
  }

  /**
   * Length that the request PDU must have; 0 while the byte that determines it is missing, undefined without a rule.
   */
  requestLength(request: Uint8Array, start: number, end: number): number | undefined {
    const rule = this.#entry(request, start, end)?.length;
    return rule === undefined ? undefined : requestLength(rule, request, start, end);
  }

  /** Whether the request PDU has the length that its function requires. */
  hasRightLength(request: Uint8Array, start: number, end: number): boolean {
    const length = this.requestLength(request, start, end);
    return length === undefined || end - start === length;
  }

  #entry(request: Uint8Array, start: number, end: number): Entry | undefined {
    const code = request[start];
    const subFunctions = this.#bySubFunction[code];
    if (subFunctions === undefined) return this.#byCode[code];
    const subFunction = readSubFunction(request, start, end);
    return (subFunction === undefined ? undefined : subFunctions.get(subFunction)) ?? this.#byCode[code];
  }
}
