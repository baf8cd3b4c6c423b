import type { BackedRequest } from '../data/backing.js';
import { ModbusException } from '../errors.js';
import { ExceptionCode } from '../protocol/exception-codes.js';

/** Most requests that wait for Redis, of one unit. */
const MAX_WAITING = 10_000;

/** A client's request that waits for Redis. */
export class Waiting {
  readonly request: BackedRequest;
  readonly isWrite: boolean;
  readonly due: number;
  /** Of a write: that of its entry in the stream. */
  readonly id: string;
  /** The reply is given. */
  over = false;
  /** Redis has been asked for news since it came. */
  isFresh = false;
  /** Of a write that has been carried out here, and waits for replicas. */
  result: number | Promise<number> | undefined;
  readonly #resolve: (result: number | Promise<number>) => void;
  readonly #reject: (error: Error) => void;

  constructor(
    request: BackedRequest,
    id: string,
    isWrite: boolean,
    due: number,
    resolve: (result: number | Promise<number>) => void,
    reject: (error: Error) => void,
  ) {
    this.request = request;
    this.id = id;
    this.isWrite = isWrite;
    this.due = due;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  settle(result: number | Promise<number>): void {
    this.over = true;
    this.#resolve(result);
  }

  refuse(exceptionCode: number, why: string): void {
    this.over = true;
    this.#reject(new ModbusException(exceptionCode, why));
  }
}

/** The requests of a unit that wait for Redis, in order. None waits longer than `timeout`. */
export class Requests {
  readonly #timeout: number;
  readonly #exceptionCode: number;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param exceptionCode for those that wait in vain. */
  constructor(timeout: number, exceptionCode: number) {
    this.#timeout = timeout;
    this.#exceptionCode = exceptionCode;
  }

  /** In order of arrival. */
  get all(): readonly Waiting[] {
    return this.#waiting;
  }

  add(request: BackedRequest, id: string, isWrite: boolean): Promise<number> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new ModbusException(ExceptionCode.ServerDeviceBusy, `${MAX_WAITING} requests wait for Redis`);
    }
    const due = performance.now() + this.#timeout;
    this.#timer ??= setTimeout(() => this.#expire(), this.#timeout);
    return new Promise((resolve, reject) => {
      this.#waiting.push(new Waiting(request, id, isWrite, due, resolve, reject));
    });
  }

  /** Removes those that have their reply. */
  sweep(): void {
    if (this.#waiting.some(({ over }) => over)) this.#waiting = this.#waiting.filter(({ over }) => !over);
  }

  refuseAll(why: string): void {
    for (const waiting of this.#waiting) if (!waiting.over) this.refuse(waiting, why);
    this.sweep();
  }

  refuse(waiting: Waiting, why: string): void {
    waiting.refuse(this.#exceptionCode, why);
  }

  /** A reply of Redis that has come by now is looked at first. */
  #expire(): void {
    setImmediate(() => {
      const now = performance.now();
      for (const waiting of this.#waiting) {
        if (!waiting.over && waiting.due <= now) this.refuse(waiting, `Redis did not answer in ${this.#timeout} ms`);
      }
      this.sweep();
      const [next] = this.#waiting;
      this.#timer = next && setTimeout(() => this.#expire(), Math.max(1, next.due - now));
    });
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
