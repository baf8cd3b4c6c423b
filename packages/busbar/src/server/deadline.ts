import { type Result, SILENCE, type Transaction, timeLeft } from '../functions/transaction.js';
import type { Faults } from './faults.js';
import type { Settings } from './options.js';

/** The time that a user's code has for a request. */
export class Deadline {
  readonly #settings: Settings;
  readonly #faults: Faults;

  constructor(settings: Settings, faults: Faults) {
    this.#settings = settings;
    this.#faults = faults;
  }

  /**
   * Awaits what a user's code makes of a request. Its faults become results, and one that never answers must not hold
   * its client, or the unit's other requests, forever. The time that the request has waited for its unit counts.
   */
  hold(result: Promise<Result>, transaction: Transaction): Promise<Result> {
    const { handlerTimeout } = this.#settings;
    // While its clock stands still, there is no end to the time that is left.
    const left = transaction.due === 0 ? handlerTimeout : Math.min(handlerTimeout, timeLeft(transaction));
    return new Promise((resolve) => {
      const expire = () => {
        const more = transaction.due === 0 ? 0 : timeLeft(transaction);
        if (more > 0) {
          timer = setTimeout(expire, Math.min(more, handlerTimeout));
          return;
        }
        transaction.expired = true;
        resolve(this.#faults.timedOut(transaction, left));
      };
      let timer = handlerTimeout === 0 ? undefined : setTimeout(expire, left);
      result
        .catch((error: unknown) => (transaction.expired ? SILENCE : this.#faults.thrown(error, transaction)))
        .then((settled) => {
          clearTimeout(timer);
          resolve(settled);
        });
    });
  }
}
