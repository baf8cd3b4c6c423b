import type { Complete } from '../checks.js';
import { ConnectionError } from '../errors.js';
import type { Limits } from './options.js';

/** How long a peer keeps its connection waiting. Times are in milliseconds, as `performance.now()` has them. */
export class Timeouts {
  /** Since when the rest of a frame is missing; 0: no frame is incomplete. */
  #incompleteSince = 0;
  /** The last use that was looked at, and when: requests themselves take no time of day. */
  #seenUse = -1;
  #idleSince = 0;
  /** Since when the peer has only its last replies to take; 0: it may send more. */
  #endingSince = 0;

  /** A frame is incomplete. @param another it is not the one of last time. */
  begun(another: boolean): void {
    if (this.#incompleteSince === 0 || another) this.#incompleteSince = Math.trunc(performance.now());
  }

  complete(): void {
    this.#incompleteSince = 0;
  }

  /** To be asked now and then while requests may come. @returns why the connection must be closed. */
  exceeded(
    now: number,
    use: number,
    unused: boolean,
    { frameTimeout, idleTimeout }: Complete<Limits>,
  ): ConnectionError | undefined {
    this.#look(now, use);
    if (this.#incompleteSince > 0 && frameTimeout > 0 && now - this.#incompleteSince >= frameTimeout) {
      return new ConnectionError('FRAME_TIMEOUT', `a frame was not complete after ${frameTimeout} ms`);
    }
    if (idleTimeout > 0 && unused && now - this.#idleSince >= idleTimeout) {
      return new ConnectionError('IDLE_TIMEOUT', `no request for ${idleTimeout} ms`);
    }
    return undefined;
  }

  /**
   * To be asked now and then when no more is read. @param busy requests are in progress: handlers have a deadline of
   * their own, and turns take their time. @returns whether the peer has had its time to take its last replies.
   */
  ended(now: number, use: number, busy: boolean, { closeTimeout }: Complete<Limits>): boolean {
    this.#look(now, use);
    if (this.#endingSince === 0 || busy) this.#endingSince = now;
    return closeTimeout > 0 && now - Math.max(this.#endingSince, this.#idleSince) >= closeTimeout;
  }

  #look(now: number, use: number): void {
    if (use === this.#seenUse) return;
    this.#seenUse = use;
    this.#idleSince = now;
  }
}
