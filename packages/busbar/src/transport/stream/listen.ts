import type { Duplex } from 'node:stream';
import { StateError } from '../../errors.js';
import type { Peer } from '../../peer.js';
import type { DatagramReceiver, Transport, TransportHost } from '../transport.js';
import { StreamLink, serveStream } from './link.js';

/** The peer of a stream or datagram, as far as it is known. */
export type PeerDetails = Omit<Peer, 'transport'>;

type Host = Pick<TransportHost, 'connect' | 'openSocket'>;

/** Brings the connections and datagrams that the program hands over. */
export class StreamTransport implements Transport<string> {
  readonly #name: string;
  #host: Host | undefined;
  /** From the first datagram on. */
  #receiver: DatagramReceiver | undefined;

  /** @param name of its peers' transport. */
  constructor(name: string) {
    this.#name = name;
  }

  /** @throws StateError `NOT_LISTENING` */
  accept(stream: Duplex, peer: PeerDetails): void {
    serveStream(this.#opened(), new StreamLink(stream, { ...peer, transport: this.#name }));
  }

  /** @throws StateError `NOT_LISTENING` */
  datagram(bytes: Uint8Array, send: (reply: Uint8Array) => unknown, peer: PeerDetails): void {
    this.#receiver ??= this.#opened().openSocket({ transport: this.#name });
    this.#receiver.receive(bytes, { ...peer, transport: this.#name }, send);
  }

  #opened(): Host {
    if (this.#host !== undefined) return this.#host;
    throw new StateError('NOT_LISTENING', `the ${this.#name} server does not listen: call listen() first`);
  }

  async open(host: Host): Promise<void> {
    this.#host = host;
  }

  async close(disconnected: Promise<void>): Promise<void> {
    const receiver = this.#receiver;
    this.#host = undefined;
    this.#receiver = undefined;
    if (receiver === undefined) return;
    await disconnected;
    receiver.closed(undefined);
  }

  address(): string | null {
    return this.#host === undefined ? null : this.#name;
  }

  describe(): string {
    return `${this.#name} connections`;
  }
}
