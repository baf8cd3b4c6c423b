import { types } from 'node:util';
import { show } from '../checks.js';
import type { ServerCounters } from '../counters.js';
import { asError, type BusbarError, HandlerError, refusalCode } from '../errors.js';
import { isRestart } from '../functions/diagnostics.js';
import type { FunctionTable } from '../functions/function-table.js';
import {
  type ModbusFunction,
  type Result,
  refuse,
  SILENCE,
  type Transaction,
  timeLeft,
} from '../functions/transaction.js';
import { readUint16 } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { EXCEPTION_BIT } from '../protocol/function-codes.js';
import type { Settings } from './options.js';
import type { Station } from './stations.js';

/** Puts an exception reply at `reply[at]`. @returns its length. */
export function writeException(reply: Uint8Array, at: number, functionCode: number, exceptionCode: number): number {
  reply[at] = functionCode | EXCEPTION_BIT;
  reply[at + 1] = exceptionCode;
  return 2;
}

/** Carries requests out, and turns whatever comes of it into a reply PDU or silence. */
export class Dispatcher {
  readonly functions: FunctionTable;
  readonly #settings: Settings;
  readonly #counters: ServerCounters;
  readonly #report: (error: BusbarError) => void;

  constructor(
    functions: FunctionTable,
    settings: Settings,
    counters: ServerCounters,
    report: (error: BusbarError) => void,
  ) {
    this.functions = functions;
    this.#settings = settings;
    this.#counters = counters;
    this.#report = report;
  }

  /** Carries out one request. Never throws; a promise comes only from a user's code and never rejects. */
  execute(transaction: Transaction, station: Station, run: ModbusFunction | undefined): Result | Promise<Result> {
    try {
      const result = this.#checkAndRun(transaction, station, run);
      return typeof result === 'number' ? result : this.withDeadline(result, transaction);
    } catch (error) {
      return this.#fault(error, transaction);
    }
  }

  /** The order of checks (AP, state diagrams); quantities and addresses are checked by the function itself. */
  #checkAndRun(transaction: Transaction, station: Station, run: ModbusFunction | undefined): Result | Promise<Result> {
    const { request, start, end, diagnostics } = transaction;
    if (diagnostics.listenOnly && !isRestart(request, start, end)) return SILENCE;
    const refusal = this.#refusal(transaction, station, run);
    if (refusal !== 0 || run === undefined) return diagnostics.listenOnly ? SILENCE : refuse(refusal);
    transaction.reply[transaction.replyStart] = transaction.functionCode;
    const { guard } = transaction.device;
    return guard === undefined ? run.execute(transaction) : guard.run(() => run.execute(transaction));
  }

  /** The exception code of a request that must not be carried out, or 0. */
  #refusal(transaction: Transaction, station: Station, run: ModbusFunction | undefined): number {
    const { request, start, end } = transaction;
    if (run === undefined || !station.allows(request, start, end)) return ExceptionCode.IllegalFunction;
    if (this.#settings.authorize?.(transaction, run) === false) return ExceptionCode.IllegalFunction;
    const fits = end - start <= this.#settings.maxPduLength && this.functions.hasRightLength(request, start, end);
    return fits ? 0 : ExceptionCode.IllegalDataValue;
  }

  /**
   * Awaits what a user's code makes of a request. Its faults become results, and one that never answers must not hold its client,
   * or the unit's other requests, forever. The time that the request has waited for its unit counts.
   */
  withDeadline(result: Promise<Result>, transaction: Transaction): Promise<Result> {
    const { handlerTimeout } = this.#settings;
    return new Promise((resolve) => {
      const left = transaction.due === 0 ? handlerTimeout : timeLeft(transaction);
      const timer =
        handlerTimeout === 0 ? undefined : setTimeout(() => resolve(this.#timedOut(transaction, left)), left);
      result
        .catch((error: unknown) => (transaction.expired ? SILENCE : this.#fault(error, transaction)))
        .then((settled) => {
          clearTimeout(timer);
          resolve(settled);
        });
    });
  }

  /** @param allowed what was left of the time when the handler began. */
  #timedOut(transaction: Transaction, allowed: number): Result {
    transaction.expired = true;
    const { handlerTimeout, handlerTimeoutException } = this.#settings;
    const waited = Math.round(handlerTimeout - allowed);
    const wait = waited > 0 ? `, of which the request had waited ${waited} ms for its unit` : '';
    this.#reportHandler(
      'HANDLER_TIMEOUT',
      `the handler did not answer within ${handlerTimeout} ms${wait}`,
      transaction,
    );
    return refuse(handlerTimeoutException);
  }

  /** The one place that decides what a fault means for the client. */
  #fault(error: unknown, transaction: Transaction): Result {
    const code = refusalCode(error);
    if (code !== undefined) return refuse(code);
    const fault = asError(error);
    if (fault instanceof HandlerError) this.report(fault);
    else this.#reportHandler('HANDLER_FAILED', `a handler failed: ${fault.message}`, transaction, error);
    return refuse(ExceptionCode.ServerDeviceFailure);
  }

  #reportHandler(code: string, message: string, transaction: Transaction, cause?: unknown): void {
    const details = {
      unit: transaction.unit.id,
      functionCode: transaction.functionCode,
      ...requestedRange(transaction),
    };
    this.report(new HandlerError(code, message, details, { cause }));
  }

  report(error: BusbarError): void {
    this.#counters.handlerErrors++;
    this.#report(error);
  }

  /** A listener of a unit threw while it was told of a write. */
  reportListener(error: unknown, transaction: Transaction): void {
    this.#reportHandler('HANDLER_FAILED', `a listener failed: ${asError(error).message}`, transaction, error);
  }

  /** A hook that belongs to no request threw. */
  reportHook(error: unknown): void {
    this.report(new HandlerError('HANDLER_FAILED', `a hook failed: ${asError(error).message}`, {}, { cause: error }));
  }

  /** What a hook returned in place of a reply. */
  answerError(answer: unknown, { unit, functionCode }: Transaction): HandlerError {
    const found = types.isUint8Array(answer) ? `${answer.length} bytes` : show(answer);
    const message = `a hook must return a reply PDU or null, found ${found}`;
    return new HandlerError('HANDLER_ANSWER', message, { unit: unit.id, functionCode });
  }

  /** Writes the exception of a refusal. @returns the length of the reply PDU; 0: silence. */
  finish({ reply, replyStart, functionCode }: Transaction, result: Result): number {
    return result < 0 ? writeException(reply, replyStart, functionCode, -result) : result;
  }

  /** Counts what became of a request, and finishes its reply. @returns the length of the reply PDU; 0: silence. */
  complete(transaction: Transaction, run: ModbusFunction | undefined, result: Result, broadcast = false): number {
    const silent = broadcast || result === SILENCE;
    const length = silent ? 0 : this.finish(transaction, result);
    const exceptionCode = result < 0 ? -result : silent ? 0 : exceptionOf(transaction);
    transaction.diagnostics.completed(exceptionCode, !silent, run?.counted !== false);
    if (silent) return 0;
    this.#counters.replies++;
    if (exceptionCode !== 0) this.#counters.exceptions++;
    return length;
  }
}

/** The exception code in a reply PDU, or 0. */
function exceptionOf({ reply, replyStart }: Transaction): number {
  return (reply[replyStart] & EXCEPTION_BIT) === 0 ? 0 : reply[replyStart + 1];
}

/** Address and quantity of the request, for the functions that begin with them. */
function requestedRange({ request, start, end, functionCode }: Transaction): { address?: number; quantity?: number } {
  if (functionCode > 0x10 || end - start < 5 || (functionCode > 0x06 && functionCode < 0x0f)) return {};
  const single = functionCode === 0x05 || functionCode === 0x06;
  return { address: readUint16(request, start + 1), quantity: single ? 1 : readUint16(request, start + 3) };
}
