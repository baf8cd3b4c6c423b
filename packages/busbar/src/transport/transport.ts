import type { EventMap } from '../emit.js';
import type { Peer } from '../peer.js';
import type { Connection, Link } from './link.js';

/**
 * How a server's connections come to be. A transport knows bytes and who they come from: no frames, no requests, no
 * limits. `Events` are what it tells of itself.
 */
export interface Transport<Address, Events extends EventMap<Events> = Record<never, never>> {
  /** Starts to accept connections, and hands them to `host`. Rejects with a `ListenError` that says what to do. */
  open(host: TransportHost<Events>): Promise<void>;
  /**
   * Accepts no more; resolves when everything it owns is closed. `disconnected` resolves when the last reply has been
   * sent.
   */
  close(disconnected: Promise<void>): Promise<void>;
  /** Where it listens; null while it doesn't. */
  address(): Address | null;
  /** For messages: where it listens, or would listen. */
  describe(): string;
}

/** Whom a transport serves. */
export interface TransportHost<Events extends EventMap<Events> = Record<never, never>> {
  /** A new connection. @returns undefined if there is no room for it: close it. */
  connect(link: Link): Connection | undefined;
  /**
   * A socket without connections was opened. @param peer stands for all its peers: it has the address of the socket.
   */
  openSocket(peer: Peer): DatagramReceiver;
  /** The transport itself has failed, though not for good. */
  fail(error: Error): void;
  /** The transport has ended by itself, for good. */
  ended(): void;
  /** Something has happened to the transport. @returns whether anybody listens. */
  tell<E extends keyof Events>(event: E, ...details: Events[E]): boolean;
}

/** Takes what comes over a socket without connections. */
export interface DatagramReceiver {
  /**
   * Resolves when datagrams may come: those that come before are dropped. Rejects if they never may: close the socket.
   */
  readonly ready: Promise<void>;
  /** A datagram has come. @param send sends one back to that peer; it may return a promise. */
  receive(bytes: Uint8Array, peer: Peer, send: (reply: Uint8Array) => unknown): void;
  /** The socket had an error, and is still open. */
  failed(error: Error): void;
  /** The socket is closed. */
  closed(error: Error | undefined): void;
}
