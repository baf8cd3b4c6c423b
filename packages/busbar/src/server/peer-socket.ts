import type { ConnectionError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { Applicant } from './admission.js';
import type { RequestHandler } from './request-handler.js';

/** A socket without connections: one request handler for all its peers. */
export class PeerSocket implements Applicant {
  readonly peer: Peer;
  readonly closeReason = undefined;
  hooks: RequestHandler | undefined;
  waiting = true;
  /** Resolves when datagrams may be served; rejects if the handler refuses that. */
  readonly admitted: Promise<void>;
  #settle: { readonly admitted: () => void; readonly refused: (reason: ConnectionError) => void } | undefined;

  constructor(peer: Peer) {
    this.peer = peer;
    this.admitted = new Promise((admitted, refused) => {
      this.#settle = { admitted, refused };
    });
    // Whoever doesn't wait for it learns of a refusal by the datagrams that are dropped.
    this.admitted.catch(() => undefined);
  }

  admit(hooks: RequestHandler | undefined): void {
    this.hooks = hooks;
    this.waiting = false;
    this.#settle?.admitted();
  }

  refuse(reason: ConnectionError): void {
    this.#settle?.refused(reason);
  }

  close(): void {
    this.waiting = false;
  }
}
