import { type ConnectionError, HandlerError } from '../errors.js';
import type { Peer } from '../peer.js';
import { after } from '../promise.js';
import type { Faults } from './faults.js';
import type { Settings } from './options.js';
import type { RequestHandler } from './request-handler.js';

type Hooks = RequestHandler | undefined;

/**
 * A connection, or a socket of many peers: nothing that comes over it is looked at before its request handler is there.
 */
export interface Applicant {
  readonly peer: Peer;
  /** Neither admitted nor gone. */
  readonly waiting: boolean;
  /** Why the server closed it, if it did. */
  readonly closeReason: ConnectionError | undefined;
  admit(hooks: Hooks): void;
  refuse(reason: ConnectionError): void;
}

/** Gives applicants their request handlers. */
export class Admission {
  readonly #settings: Settings;
  readonly #faults: Faults;

  constructor(settings: Settings, faults: Faults) {
    this.#settings = settings;
    this.#faults = faults;
  }

  /**
   * Makes the applicant's hooks by the server's option `handler`, and tells them of it. If that fails, the applicant is
   * refused.
   */
  admit(applicant: Applicant): void {
    try {
      const hooks = this.#introduce(applicant.peer);
      if (hooks instanceof Promise) void this.#admitLater(applicant, hooks);
      else applicant.admit(hooks);
    } catch (thrown) {
      this.#refuse(applicant, thrown);
    }
  }

  #introduce(peer: Peer): Hooks | Promise<Hooks> {
    return after(this.#settings.handler?.(peer), (hooks) => after(hooks?.connected?.(peer), () => hooks));
  }

  async #admitLater(applicant: Applicant, introduced: Promise<Hooks>): Promise<void> {
    const { handlerTimeout } = this.#settings;
    const late = () => this.#refuse(applicant, lateError(handlerTimeout));
    const timer = handlerTimeout === 0 ? undefined : setTimeout(late, handlerTimeout);
    try {
      const hooks = await introduced;
      if (applicant.waiting) applicant.admit(hooks);
      else this.#faults.runHook(() => hooks?.disconnected?.(applicant.peer, applicant.closeReason));
    } catch (thrown) {
      this.#refuse(applicant, thrown);
    } finally {
      clearTimeout(timer);
    }
  }

  #refuse(applicant: Applicant, thrown: unknown): void {
    const reason = this.#faults.refusal(thrown);
    if (applicant.waiting) applicant.refuse(reason);
  }
}

function lateError(handlerTimeout: number): HandlerError {
  return new HandlerError('HANDLER_TIMEOUT', `it was not there within ${handlerTimeout} ms`, {});
}
