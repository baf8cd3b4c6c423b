import type { ConnectionError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { ConnectedClient } from './connected-client.js';

/** A connection, or a datagram that is being answered. */
export interface Served {
  readonly peer: Peer;
  /** Undefined for a datagram. */
  readonly client: ConnectedClient | undefined;
  /** On a line, which is no connection of anybody. */
  readonly shared: boolean;
  /** No request in progress: may be closed for a new connection. */
  readonly unused: boolean;
  /** Grows from use to use of the server's connections: the lowest is the one that was unused the longest. */
  readonly lastUse: number;
  /** Answers what has come so far, then closes. */
  close(reason: ConnectionError): void;
  /** Closes at once. */
  destroy(reason: ConnectionError): void;
  /**
   * Closes the connection if the peer has let a time limit pass. @param now in milliseconds, as `performance.now()` has
   * it.
   */
  checkTimeouts(now: number): void;
}

/** The connections of a server that are open; over UDP the requests that are being carried out. */
export class Sessions {
  /** The server is closing: nobody is let in. */
  closing = false;
  readonly #open = new Set<Served>();
  #allGone: (() => void) | undefined;

  get size(): number {
    return this.#open.size;
  }

  /** A copy, longest first. */
  all(): Served[] {
    return [...this.#open];
  }

  add(session: Served): void {
    this.#open.add(session);
  }

  delete(session: Served): void {
    this.#open.delete(session);
    if (this.#open.size === 0) this.#allGone?.();
  }

  /** Lets nobody in any more, and ends each as it is told. Resolves when the last is gone. */
  endAll(each: (session: Served) => void): Promise<void> {
    this.closing = true;
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#allGone = resolve;
      for (const session of this.all()) each(session);
    });
  }

  /**
   * Closes the connections of those clients for whom there is an error; nobody's if `errorFor` throws. @returns how
   * many.
   */
  cut(errorFor: (peer: Peer) => ConnectionError | undefined): number {
    const cut = this.all().flatMap((session) => {
      const error = session.shared ? undefined : errorFor(session.peer);
      return error === undefined ? [] : [{ session, error }];
    });
    for (const { session, error } of cut) session.destroy(error);
    return cut.length;
  }

  /** The one that was unused the longest, of those that may be closed for a new one. */
  longestUnused(mayClose: (peer: Peer) => boolean): Served | undefined {
    let oldest: Served | undefined;
    for (const session of this.#open) {
      if (!session.unused || !mayClose(session.peer)) continue;
      if (oldest === undefined || session.lastUse < oldest.lastUse) oldest = session;
    }
    return oldest;
  }

  checkTimeouts(now: number): void {
    for (const session of this.#open) session.checkTimeouts(now);
  }
}
