import type { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import type { LineManners } from '../server/line.js';

/** What a session asks of its connection. */
export interface Link {
  readonly peer: Peer;
  /** The link is a line that other stations share: how to behave on it. */
  readonly manners?: LineManners;
  /** That of a port, which outlives the link; else each connection has its own. */
  readonly state?: LineState;
  /**
   * True while the link has no use for any bytes that it was given: the server lends it its own memory then, and writes into that
   * memory again if this is true after `send`, too. A link that doesn't say gets copies.
   */
  readonly flushed?: boolean;
  /** Sends the bytes, which are the link's from now on (see `flushed`). @returns false to be told `drained()` before more is sent. */
  send(bytes: Uint8Array): boolean;
  pause(): void;
  resume(): void;
  /** No more will be sent: closes once all has gone out; with `linger` only after the peer has closed, too. */
  end(linger: boolean): void;
  /** Closes at once. */
  destroy(): void;
}
