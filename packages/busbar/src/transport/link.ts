import type { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import type { LineManners } from '../server/line.js';

/** A connection, as its session uses it. */
export interface Link {
  readonly peer: Peer;
  /** How to behave on a line that other stations share. */
  readonly manners?: LineManners;
  /** The state of a port that outlives the link; otherwise each connection has its own. */
  readonly state?: LineState;
  /**
   * True while the link no longer needs any bytes that it was given. The server then lends it its own memory, and
   * reuses that memory if this is still true after `send`. A link without this property gets copies.
   */
  readonly flushed?: boolean;
  /**
   * Sends the bytes, which belong to the link from now on (see `flushed`). @returns false if the server should wait for
   * `drained()` before it sends more.
   */
  send(bytes: Uint8Array): boolean;
  pause(): void;
  resume(): void;
  /**
   * No more will be sent: closes when everything has been sent, and with `linger` only after the peer has closed, too.
   */
  end(linger: boolean): void;
  /** Closes at once. */
  destroy(): void;
}
