import { asError, type BusbarError, HandlerError, ModbusException } from '../errors.js';
import { isRestart } from '../functions/diagnostic-functions.js';
import type { FunctionTable } from '../functions/function-table.js';
import { type ModbusFunction, type Result, refuse, SILENCE, type Transaction } from '../functions/transaction.js';
import { ExceptionCode } from '../pdu/exception-codes.js';
import { EXCEPTION_BIT } from '../pdu/function-codes.js';
import type { ServerCounters } from './counters.js';
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
      return typeof result === 'number' ? result : this.#withDeadline(result, transaction);
    } catch (error) {
      return this.#fault(error, transaction);
    }
  }

  /** The order of checks (AP, state diagrams); quantities and addresses are checked by the function itself. */
  #checkAndRun(transaction: Transaction, station: Station, run: ModbusFunction | undefined): Result | Promise<Result> {
    const { request, start, end, diagnostics } = transaction;
    if (diagnostics.listenOnly && !isRestart(request, start, end)) return SILENCE;
    if (run === undefined || !station.allows(transaction.functionCode)) return refuse(ExceptionCode.IllegalFunction);
    if (!this.functions.hasRightLength(request, start, end)) return refuse(ExceptionCode.IllegalDataValue);
    transaction.reply[transaction.replyStart] = transaction.functionCode;
    return run.execute(transaction);
  }

  /** A handler that never answers must not hold its client, or the unit's other requests, forever. */
  #withDeadline(result: Promise<Result>, transaction: Transaction): Promise<Result> {
    const { handlerTimeout } = this.#settings;
    return new Promise((resolve) => {
      const timer =
        handlerTimeout === 0 ? undefined : setTimeout(() => resolve(this.#timedOut(transaction)), handlerTimeout);
      result
        .catch((error: unknown) => (transaction.expired ? SILENCE : this.#fault(error, transaction)))
        .then((settled) => {
          clearTimeout(timer);
          resolve(settled);
        });
    });
  }

  #timedOut(transaction: Transaction): Result {
    transaction.expired = true;
    const { handlerTimeout, handlerTimeoutException } = this.#settings;
    this.#reportHandler('HANDLER_TIMEOUT', `the handler did not answer within ${handlerTimeout} ms`, transaction);
    return refuse(handlerTimeoutException);
  }

  /** The one place that decides what a fault means for the client. */
  #fault(error: unknown, transaction: Transaction): Result {
    if (error instanceof ModbusException) return refuse(error.exceptionCode);
    if (error instanceof HandlerError) this.report(error);
    else this.#reportHandler('HANDLER_FAILED', `a handler failed: ${asError(error).message}`, transaction, error);
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

  /** Counts what became of a request and writes its exception, if it is one. @returns length of the reply PDU; 0: silence. */
  complete(transaction: Transaction, run: ModbusFunction | undefined, result: Result, broadcast = false): number {
    const { diagnostics, reply, replyStart, functionCode } = transaction;
    const silent = broadcast || result === SILENCE;
    diagnostics.completed(result < 0 ? -result : 0, !silent, run?.counted !== false);
    if (silent) return 0;
    this.#counters.replies++;
    if (result > 0) return result;
    this.#counters.exceptions++;
    return writeException(reply, replyStart, functionCode, -result);
  }
}

/** Address and quantity of the request, for the functions that begin with them. */
function requestedRange({ request, start, end, functionCode }: Transaction): { address?: number; quantity?: number } {
  if (functionCode > 0x10 || end - start < 5 || (functionCode > 0x06 && functionCode < 0x0f)) return {};
  const view = new DataView(request.buffer, request.byteOffset);
  const single = functionCode === 0x05 || functionCode === 0x06;
  return { address: view.getUint16(start + 1), quantity: single ? 1 : view.getUint16(start + 3) };
}
