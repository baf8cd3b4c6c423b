import { inspect } from 'node:util';
import type {
  BusbarErrorCode,
  ConnectionErrorCode,
  DataErrorCode,
  HandlerErrorCode,
  ListenErrorCode,
  SharingErrorCode,
  StateErrorCode,
  StorageErrorCode,
} from './error-codes.js';

/**
 * Base class of all errors of Busbar. `code` is one of a fixed list, and safe to compare with. Warnings are of this
 * class itself, with a {@link WarningCode}.
 */
export class BusbarError<Code extends string = BusbarErrorCode> extends Error {
  override readonly name: string = 'BusbarError';
  readonly code: Code;

  constructor(code: NoInfer<Code>, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One problem of options. */
export interface OptionProblem {
  /** The path from the given options to the value. */
  readonly path: readonly (string | number)[];
  /** What was expected there and what was found. */
  readonly problem: string;
}

const PROBLEMS_SHOWN = 20;

/**
 * Options are wrong. `code` is `INVALID_OPTION`. An options object is checked as a whole: `problems` has all its
 * problems, in the order of its keys, and `path` is the path of the first problem.
 */
export class OptionsError extends BusbarError<'INVALID_OPTION'> {
  override readonly name = 'OptionsError';
  readonly path: readonly (string | number)[];
  /** At least one. */
  readonly problems: readonly OptionProblem[];

  constructor(path: readonly (string | number)[], problem: string, more: readonly OptionProblem[] = []) {
    const problems = [{ path, problem }, ...more];
    super('INVALID_OPTION', describeProblems(problems));
    this.path = path;
    this.problems = problems;
  }
}

function describeProblems(problems: readonly OptionProblem[]): string {
  const lines = problems.slice(0, PROBLEMS_SHOWN).map(describeProblem);
  if (lines.length === 1) return lines.join();
  const rest = problems.length - lines.length;
  return [`${problems.length} problems`, ...lines, ...(rest > 0 ? [`${rest} more`] : [])].join('\n- ');
}

function describeProblem({ path, problem }: OptionProblem): string {
  return path.length === 0 ? problem : `${formatPath(path)}: ${problem}`;
}

/** A path in JavaScript's notation: `units[0].holdingRegisters[1].start`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

/** The program used an address that a unit does not have, or a value that does not fit. */
export class DataError extends BusbarError<DataErrorCode> {
  override readonly name = 'DataError';
}

/** The state of a server or unit does not allow the call. */
export class StateError extends BusbarError<StateErrorCode> {
  override readonly name = 'StateError';
}

/**
 * A store of values cannot be used: it is another program's (`STORE_FOREIGN`), damaged (`STORE_CORRUPT`), in use by
 * another process (`STORE_LOCKED`), or of a newer Busbar (`STORE_VERSION`); or it has failed (`STORE_FAILED`, with the
 * store's own error as `cause`).
 */
export class StorageError extends BusbarError<StorageErrorCode> {
  override readonly name = 'StorageError';
}

/**
 * A server could not start to listen. `code` is the system's (`EADDRINUSE`, `EACCES`, …) if it is a common one, else
 * `LISTEN_FAILED`. The system's own error, with its own code, is the `cause`. UDP servers with request handlers, and
 * serial ports, have further codes.
 */
export class ListenError extends BusbarError<ListenErrorCode> {
  override readonly name = 'ListenError';
}

/** Why a server closed or refused a connection. A hook may throw one with a code of its own, to refuse a client. */
export class ConnectionError<Code extends string = ConnectionErrorCode> extends BusbarError<Code> {
  override readonly name = 'ConnectionError';

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** Servers could not share a unit's values, or a change of the program was not taken into the image. */
export class SharingError extends BusbarError<SharingErrorCode> {
  override readonly name = 'SharingError';
}

/** The circumstances of a handler's failure: the unit, the function code, and the range if there is one. */
export interface HandlerErrorDetails {
  unit?: number | undefined;
  functionCode?: number | undefined;
  table?: string | undefined;
  address?: number | undefined;
  quantity?: number | undefined;
}

/**
 * A user's handler or event listener failed; the client got an exception code (04 unless the handler chose another).
 * `code` is `HANDLER_FAILED` (it threw or rejected: see `cause`), `HANDLER_TIMEOUT` or `HANDLER_ANSWER` (its result was
 * invalid).
 */
export class HandlerError extends BusbarError<HandlerErrorCode> {
  override readonly name = 'HandlerError';
  readonly unit: number | undefined;
  readonly functionCode: number | undefined;
  readonly table: string | undefined;
  /** Protocol address of the first item, 0..65535. */
  readonly address: number | undefined;
  readonly quantity: number | undefined;

  constructor(code: HandlerErrorCode, message: string, details: HandlerErrorDetails, options?: ErrorOptions) {
    super(code, [message, describe(details)].join(''), options);
    this.unit = details.unit;
    this.functionCode = details.functionCode;
    this.table = details.table;
    this.address = details.address;
    this.quantity = details.quantity;
  }
}

function describe({ unit, functionCode, table, address, quantity }: HandlerErrorDetails): string {
  const parts: string[] = [];
  if (unit !== undefined) parts.push(`unit ${unit}`);
  if (functionCode !== undefined) parts.push(`function 0x${functionCode.toString(16).padStart(2, '0')}`);
  if (table !== undefined) parts.push(table);
  if (address !== undefined) parts.push(`address ${address}`);
  if (quantity !== undefined) parts.push(`quantity ${quantity}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/**
 * Throw this from a handler to refuse a request with an exception code of your choice.
 * `code` is `MODBUS_EXCEPTION`; `exceptionCode` goes to the client (AP, clause 7: 1..255).
 */
export class ModbusException extends BusbarError<'MODBUS_EXCEPTION'> {
  override readonly name = 'ModbusException';
  readonly exceptionCode: number;

  constructor(exceptionCode: number, message = `Modbus exception 0x${exceptionCode.toString(16).padStart(2, '0')}`) {
    super('MODBUS_EXCEPTION', message);
    if (!isExceptionCode(exceptionCode)) {
      throw new OptionsError(['exceptionCode'], `expected an integer from 1 to 255, found ${exceptionCode}`);
    }
    this.exceptionCode = exceptionCode;
  }
}

function isExceptionCode(code: number): boolean {
  return Number.isInteger(code) && code >= 1 && code <= 255;
}

/** Turns anything that a user's code threw into an error that is safe to read. Never throws. */
export function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && isReadable(thrown)) return thrown;
    return new Error(typeof thrown === 'string' ? thrown : inspect(thrown));
  } catch {
    return new Error('something was thrown that cannot be shown');
  }
}

/** Reads every property of an error that is ever used, because each may be a getter that throws. */
function isReadable(error: Error): boolean {
  const { name, message, stack } = error;
  String(error);
  return [name, message].every((text) => typeof text === 'string') && ['string', 'undefined'].includes(typeof stack);
}

/**
 * The exception code that a user's code threw to refuse a request; undefined if it threw something else. Never throws.
 */
export function refusalCode(thrown: unknown): number | undefined {
  try {
    return thrown instanceof ModbusException && isExceptionCode(thrown.exceptionCode)
      ? thrown.exceptionCode
      : undefined;
  } catch {
    return undefined;
  }
}
