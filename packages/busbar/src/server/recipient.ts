import type { Peer } from '../peer.js';
import type { ConnectedClient } from './connected-client.js';
import type { GuardedExchange } from './echo-guard.js';
import type { RequestHandler } from './request-handler.js';
import type { Traced } from './trace.js';
import type { HookedWire, WireEnd } from './wire.js';

/** Where the replies of a peer go out when a hook puts them on the wire. */
export interface HookedOutlet extends WireEnd {
  /** Of the reply that is put there now. */
  wire: HookedWire | undefined;
}

/** Whom replies go to. */
export interface Recipient extends Traced {
  readonly peer: Peer;
  /** Undefined for a datagram. */
  readonly client: ConnectedClient | undefined;
  readonly hooks: RequestHandler | undefined;
  readonly outlet: HookedOutlet;
  /** For a datagram: keeps it from becoming part of a loop. */
  readonly guard?: GuardedExchange;
  /** The framing has made no frame of a reply. */
  unsealed(): void;
}
