import type { Peer } from '../peer.js';

/** An open connection, as its user commands it. */
export interface Link {
  readonly peer: Peer;
  /**
   * True while the link has no use for any bytes that it was given: its user lends it its own memory then, and writes
   * into that memory again if this is true after `send`, too. A link that doesn't say gets copies.
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

/** What a link tells its user: a session of a server, or a monitor. */
export interface Connection {
  /** Bytes have come. They must not change afterwards. */
  receive(bytes: Uint8Array): void;
  /** More can be sent, after a `send` that returned false. */
  drained(): void;
  /** The peer sends no more; what it has sent may still be answered. */
  inputEnded(): void;
  /** The link had an error. If that closed it, `closed` follows. */
  failed(error: Error): void;
  /**
   * The link is closed, by whichever side; nothing else is told after it. @param error why, unless it ended in good
   * order.
   */
  closed(error: Error | undefined): void;
  /** The port has lost characters before they could be read. */
  overrun(count: number): void;
  /** Why the user itself has closed the link, if it did. */
  readonly closeReason: Error | undefined;
}
