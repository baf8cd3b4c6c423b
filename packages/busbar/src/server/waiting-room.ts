import type { ServerCounters } from '../counters.js';
import type { RequestLock, Waiter } from '../data/lock.js';
import { type Result, refuse, SILENCE, startClock, type Transaction, timeLeft } from '../functions/transaction.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import type { Settings } from './options.js';

/** A request that its unit is not free for. */
interface WaitingRequest {
  readonly transaction: Transaction;
  /** The lock of its unit. */
  readonly lock: RequestLock;
  readonly exclusive: boolean;
  /** Whose turn it takes. */
  readonly owner: unknown;
  /** Its peer is gone. */
  readonly abandoned: () => boolean;
}

/**
 * Where a server's requests wait for their units: not too many of them, and none for longer than a handler may take.
 */
export class WaitingRoom {
  readonly #settings: Settings;
  readonly #counters: ServerCounters;
  #waiting = 0;

  constructor(settings: Settings, counters: ServerCounters) {
    this.#settings = settings;
    this.#counters = counters;
  }

  /** @param enter is called when the unit is free for the request. @returns its result, or that the server is busy. */
  wait(request: WaitingRequest, enter: () => Result | Promise<Result>): Result | Promise<Result> {
    const { lock, owner, exclusive, transaction } = request;
    if (this.#isFull(lock)) lock.makeRoom(owner);
    if (this.#isFull(lock)) return this.#busy();
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting--;
        clearTimeout(timer);
      };
      const waiter: Waiter = {
        exclusive,
        admitted: () => {
          leave();
          resolve(enter());
        },
        dropped: () => {
          leave();
          resolve(request.abandoned() ? SILENCE : this.#busy());
        },
      };
      this.#waiting++;
      lock.wait(owner, waiter);
      const timer = this.#atDeadline(transaction, () => lock.drop(owner, waiter));
    });
  }

  /** The time that a request waits is taken from the time of its handler. */
  #atDeadline(transaction: Transaction, expire: () => void): NodeJS.Timeout | undefined {
    startClock(transaction, this.#settings.handlerTimeout);
    return transaction.due === 0 ? undefined : setTimeout(expire, timeLeft(transaction));
  }

  /** Nothing was done: the client may try again. */
  #busy(): Result {
    this.#counters.requestsRefused++;
    return refuse(ExceptionCode.ServerDeviceBusy);
  }

  #isFull(lock: RequestLock): boolean {
    const { requestsWaiting, requestsWaitingPerUnit } = this.#settings.limits;
    return this.#waiting >= requestsWaiting || lock.waiting >= requestsWaitingPerUnit;
  }
}
