import { lengthByRule } from '../protocol/length-rule.js';
import { REQUEST_LENGTHS } from '../protocol/lengths.js';
import { readSubFunction } from '../protocol/sub-functions.js';
import { bitFunctions } from './bit-functions.js';
import type { CheckedCustomFunction } from './custom-functions.js';
import { type DiagnosticsPolicy, diagnosticFunctions } from './diagnostics.js';
import { fifoFunctions } from './fifo-functions.js';
import { fileFunctions } from './file-functions.js';
import { identificationFunctions } from './identification.js';
import { registerFunctions } from './register-functions.js';
import { statusFunctions } from './status-functions.js';
import type { FunctionEntry, ModbusFunction } from './transaction.js';

const PUBLIC_FUNCTIONS: readonly FunctionEntry[] = [
  ...bitFunctions,
  ...registerFunctions,
  ...statusFunctions,
  ...fileFunctions,
  ...fifoFunctions,
  ...identificationFunctions,
];

/** The functions of one server: public and custom. */
export class FunctionTable {
  readonly #byCode: (ModbusFunction | undefined)[] = new Array(256).fill(undefined);
  /** Custom functions for a sub-function only, by code. */
  readonly #bySubFunction: (Map<number, ModbusFunction> | undefined)[] = new Array(256).fill(undefined);

  constructor(policy: DiagnosticsPolicy, customFunctions: readonly CheckedCustomFunction[]) {
    for (const [code, run] of [...PUBLIC_FUNCTIONS, ...diagnosticFunctions(policy)]) {
      this.#byCode[code] = { ...run, length: REQUEST_LENGTHS[code] };
    }
    for (const custom of customFunctions) this.#add(custom);
  }

  #add(custom: CheckedCustomFunction): void {
    if (custom.subFunction === undefined) {
      this.#byCode[custom.code] = custom;
    } else {
      this.#bySubFunction[custom.code] ??= new Map();
      this.#bySubFunction[custom.code]?.set(custom.subFunction, custom);
    }
  }

  /** The function that a request PDU asks for; undefined if there is none. */
  find(request: Uint8Array, start: number, end: number): ModbusFunction | undefined {
    const code = request[start];
    const subFunctions = this.#bySubFunction[code];
    if (subFunctions === undefined) return this.#byCode[code];
    const subFunction = readSubFunction(request, start, end);
    return (subFunction === undefined ? undefined : subFunctions.get(subFunction)) ?? this.#byCode[code];
  }

  /**
   * Length that the request PDU must have; 0 while the byte that determines it is missing, undefined without a rule.
   */
  requestLength(request: Uint8Array, start: number, end: number): number | undefined {
    const rule = this.find(request, start, end)?.length;
    return rule === undefined ? undefined : lengthByRule(rule, request, start, end);
  }
}
