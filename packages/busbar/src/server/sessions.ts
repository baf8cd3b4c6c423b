import type { Client } from '../data/request.js';
import type { ConnectionError } from '../errors.js';
import type { Session } from './session.js';

/** The connections of a server that are open; over UDP the requests that are being carried out. */
export class Sessions {
  readonly #open = new Set<Session>();
  #allGone: (() => void) | undefined;

  get size(): number {
    return this.#open.size;
  }

  /** A copy, longest first. */
  all(): Session[] {
    return [...this.#open];
  }

  add(session: Session): void {
    this.#open.add(session);
  }

  delete(session: Session): void {
    this.#open.delete(session);
    if (this.#open.size === 0) this.#allGone?.();
  }

  /** Ends each as it is told. Resolves when the last is gone. */
  endAll(each: (session: Session) => void): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#allGone = resolve;
      for (const session of this.all()) each(session);
    });
  }

  /** Closes the connections of those clients for whom there is an error; nobody's if `errorFor` throws. @returns how many. */
  cut(errorFor: (client: Client) => ConnectionError | undefined): number {
    const cut = this.all().flatMap((session) => {
      // What is on a line is no connection of anybody.
      const error = session.line === undefined ? errorFor(session.client) : undefined;
      return error === undefined ? [] : [{ session, error }];
    });
    for (const { session, error } of cut) session.destroy(error);
    return cut.length;
  }

  /** The one that was unused the longest, of those that may be closed for a new one. */
  longestUnused(mayClose: (client: Client) => boolean): Session | undefined {
    let oldest: Session | undefined;
    for (const session of this.#open) {
      if (!session.unused || !mayClose(session.client)) continue;
      if (oldest === undefined || session.lastUse < oldest.lastUse) oldest = session;
    }
    return oldest;
  }

  checkTimeouts(now: number): void {
    for (const session of this.#open) session.checkTimeouts(now);
  }
}
