import type { Peer } from '../peer.js';

/** A client that is connected. Its numbers go on while it is. */
export class ConnectedClient {
  readonly peer: Peer;
  /** Milliseconds since 1970. */
  readonly since: number = Date.now();
  /** Intact frames that came from it. */
  requests = 0;
  /** Replies to it that carried an exception code. */
  exceptions = 0;
  /** When its last request came, in milliseconds since 1970. */
  lastRequest: number | undefined;

  constructor(peer: Peer) {
    this.peer = peer;
  }
}
