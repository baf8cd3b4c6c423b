import type { ConnectionError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { CertificateExpiresEvent, DescriptorEvents, PortEvents } from '../server/events.js';
import type { Session } from '../server/session.js';
import type { Link } from './link.js';

/** How a server gets its connections. */
export interface Transport<Address> {
  /** Starts to accept connections, and hands them to `host`. Rejects with the system's error. */
  open(host: TransportHost): Promise<void>;
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

/** The server, as its transport uses it. */
export interface TransportHost {
  /** A new connection. @returns undefined if the connection limit leaves no room: close it. */
  connect(link: Link): Session | undefined;
  /** The connection is closed. */
  disconnect(session: Session, error: Error | undefined): void;
  /**
   * A socket without connections was opened; the hooks for all its peers get this peer. Resolves when datagrams may
   * come: earlier ones are dropped. Rejects if the request handler fails: close the socket.
   */
  openSocket(peer: Peer): Promise<void>;
  closeSocket(error: Error | undefined): void;
  /** A datagram has arrived on this socket. */
  datagram(bytes: Uint8Array, peer: Peer, send: (reply: Uint8Array) => unknown): void;
  /** A datagram has arrived that must not be answered. */
  refuseDatagram(): void;
  /** The transport itself has failed, though not for good. */
  fail(error: Error): void;
  /** A connection failed in its handshake. */
  refuse(peer: Peer, error: ConnectionError): void;
  warn(warning: Error): void;
  /** Who is connected. */
  peers(): Peer[];
  /** Cuts the connections of the peers for which there is an error. @returns how many. */
  cut(errorFor: (peer: Peer) => ConnectionError | undefined): number;
  /** A check found no free file descriptor for a new connection. */
  descriptorShortage(): void;
  descriptorsExhausted(...event: DescriptorEvents['descriptorsExhausted']): void;
  descriptorsFreed(...event: DescriptorEvents['descriptorsFreed']): void;
  certificatesReloaded(): void;
  certificateExpires(event: CertificateExpiresEvent): void;
  portLost(...event: PortEvents['portLost']): void;
  portAwaited(...event: PortEvents['portAwaited']): void;
  portOpened(...event: PortEvents['portOpened']): void;
}
