import type { ServerCounters } from '../counters.js';
import type { HandlerErrorCode } from '../error-codes.js';
import { asError, type BusbarError, ConnectionError, HandlerError, refusalCode } from '../errors.js';
import { type Result, refuse, type Transaction } from '../functions/transaction.js';
import { isPromiseLike, toPromise } from '../promise.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { requestedRanges } from '../protocol/ranges.js';
import type { Settings } from './options.js';
import { checkIdle, type HandledRequest, type RequestHandler } from './request-handler.js';

/** The one place that decides what a fault of the program's code means for a client, and tells the program of it. */
export class Faults {
  readonly #settings: Settings;
  readonly #counters: ServerCounters;
  readonly #tell: (error: BusbarError) => void;

  constructor(settings: Settings, counters: ServerCounters, tell: (error: BusbarError) => void) {
    this.#settings = settings;
    this.#counters = counters;
    this.#tell = tell;
  }

  report(error: BusbarError): void {
    this.#counters.handlerErrors++;
    this.#tell(error);
  }

  /** What a request was carried out with has thrown: it refuses the request, or it has failed. */
  thrown(error: unknown, transaction: Transaction): Result {
    const code = refusalCode(error);
    if (code !== undefined) return refuse(code);
    const fault = asError(error);
    if (fault instanceof HandlerError) this.report(fault);
    else this.#reportHandler('HANDLER_FAILED', `a handler failed: ${fault.message}`, transaction, error);
    return refuse(ExceptionCode.ServerDeviceFailure);
  }

  /** @param allowed milliseconds of the deadline that were left when the handler began. */
  timedOut(transaction: Transaction, allowed: number): Result {
    const { handlerTimeout, handlerTimeoutException } = this.#settings;
    const waited = Math.round(handlerTimeout - allowed);
    const wait = waited > 0 ? `, of which the request had waited ${waited} ms for its unit` : '';
    const message = `the handler did not answer within ${handlerTimeout} ms${wait}`;
    this.#reportHandler('HANDLER_TIMEOUT', message, transaction);
    return refuse(handlerTimeoutException);
  }

  /** Whether hooks say that they have no use for the next request. If asking fails, they get it. */
  isIdle(hooks: RequestHandler | undefined): boolean {
    if (hooks?.idle === undefined) return false;
    try {
      return checkIdle(hooks.idle());
    } catch (thrown) {
      this.#hookFailed(thrown);
      return false;
    }
  }

  /** The hook `frame` has thrown: the client gets no more of this reply. */
  frameFailed(thrown: unknown, request: HandledRequest): void {
    this.#reportFrame('HANDLER_FAILED', `the hook frame failed: ${asError(thrown).message}`, request, thrown);
  }

  frameLate(request: HandledRequest): void {
    const { handlerTimeout } = this.#settings;
    this.#reportFrame('HANDLER_TIMEOUT', `the hook frame was not done within ${handlerTimeout} ms`, request);
  }

  #reportFrame(code: HandlerErrorCode, message: string, { unitId, pdu }: HandledRequest, cause?: unknown): void {
    this.report(new HandlerError(code, message, { unit: unitId, functionCode: pdu[0] }, { cause }));
  }

  /** A listener of a unit threw while it was told of a request; the client notices nothing. */
  listenerThrew(error: unknown, transaction: Transaction): void {
    this.#reportHandler('HANDLER_FAILED', `a listener failed: ${asError(error).message}`, transaction, error);
  }

  /** Why nothing may pass after a hook has thrown: it refuses, or it has failed, which is reported. */
  refusal(thrown: unknown): ConnectionError {
    const error = asError(thrown);
    if (error instanceof ConnectionError) return error;
    const isLate = error instanceof HandlerError && error.code === 'HANDLER_TIMEOUT';
    const code = isLate ? 'HANDLER_TIMEOUT' : 'HANDLER_FAILED';
    const message = `the request handler failed: ${error.message}`;
    this.report(new HandlerError(code, message, {}, { cause: error }));
    return new ConnectionError(code, message, { cause: error });
  }

  /** Runs a hook that no request waits for. */
  runHook(hook: () => unknown): void {
    const failed = (thrown: unknown) => this.#hookFailed(thrown);
    try {
      const result = hook();
      if (isPromiseLike(result)) toPromise(result).catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  }

  #hookFailed(error: unknown): void {
    this.report(new HandlerError('HANDLER_FAILED', `a hook failed: ${asError(error).message}`, {}, { cause: error }));
  }

  #reportHandler(code: HandlerErrorCode, message: string, transaction: Transaction, cause?: unknown): void {
    const { unit, functionCode } = transaction;
    const details = { unit: unit.id, functionCode, ...requestedRange(transaction) };
    this.report(new HandlerError(code, message, details, { cause }));
  }
}

/** Address and quantity of the request, if it is about one range of a table. */
function requestedRange({ request, start, end }: Transaction): { address: number; quantity: number } | undefined {
  const [range, another] = requestedRanges(request, start, end);
  return range && another === undefined ? { address: range.address, quantity: range.quantity } : undefined;
}
