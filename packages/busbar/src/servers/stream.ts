import type { Duplex } from 'node:stream';
import { types } from 'node:util';
import { type Checks, checkOptions, checkString, show, withDefault } from '../checks.js';
import { StateError } from '../errors.js';
import type { Framing, FramingName } from '../framing/framing.js';
import { checkFraming } from '../framing/framings.js';
import type { Peer } from '../peer.js';
import { SERVER_CHECKS, type ServerOptions } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { StreamLink, serveStream } from '../transport/stream-link.js';
import type { Transport, TransportHost } from '../transport/transport.js';

export type { LineManners } from '../server/line.js';
export type { Session } from '../server/session.js';
export type { Link } from '../transport/link.js';
export type { Transport, TransportHost } from '../transport/transport.js';

export interface StreamServerOptions extends ServerOptions {
  /** How PDUs are framed: by name, or by a framing of your own. Default `mbap`. */
  readonly framing?: FramingName | Framing;
  /** `peer.transport` of its clients. Default `stream`. */
  readonly name?: string;
}

const CHECKS = {
  ...SERVER_CHECKS,
  framing: (framing, path) => checkFraming(framing, 'mbap', path),
  name: withDefault(checkString, 'stream'),
} satisfies Checks<StreamServerOptions>;

/** The peer of a stream or datagram, as far as it is known. */
export type PeerDetails = Omit<Peer, 'transport'>;

/**
 * A Modbus server for connections that the program makes itself: any `Duplex` (WebSocket, pipe, SSH channel), or
 * anything that carries datagrams. Call `listen()` first; there is no address.
 */
export class ModbusStreamServer extends ModbusServer<string> {
  readonly #transport: StreamTransport;

  /** @throws OptionsError with the paths of all wrong options. */
  constructor(options: StreamServerOptions) {
    const checked = checkOptions(options, CHECKS);
    const transport = new StreamTransport(checked.name);
    super(checked, checked.framing, transport);
    this.#transport = transport;
  }

  /**
   * Serves the peer at the other end of a stream until either side closes it. The server closes the stream when it
   * closes itself, or at the connection limit.
   * @throws StateError `NOT_LISTENING`, and leaves the stream alone.
   */
  accept(stream: Duplex, peer: PeerDetails = {}): void {
    const { host, name } = this.#transport.opened();
    serveStream(host, new StreamLink(stream, { ...peer, transport: name }));
  }

  /**
   * Serves one datagram, which must be exactly one ADU; anything else is dropped and counted.
   * @param send called with the reply, if there is one.
   * @throws StateError `NOT_LISTENING`; TypeError if `bytes` is not bytes.
   */
  datagram(bytes: Uint8Array, send: (reply: Uint8Array) => void, peer: PeerDetails = {}): void {
    if (!types.isUint8Array(bytes)) throw new TypeError(`a datagram must be bytes, found ${show(bytes)}`);
    const { host, name } = this.#transport.openedForDatagrams();
    host.datagram(bytes, { ...peer, transport: name }, send);
  }
}

class StreamTransport implements Transport<string> {
  readonly #name: string;
  #host: TransportHost | undefined;
  /** The host whose hooks serve datagrams; set with the first datagram. */
  #datagramHost: TransportHost | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  opened(): { host: TransportHost; name: string } {
    if (this.#host === undefined) {
      throw new StateError('NOT_LISTENING', `the ${this.#name} server does not listen: call listen() first`);
    }
    return { host: this.#host, name: this.#name };
  }

  openedForDatagrams(): { host: TransportHost; name: string } {
    const opened = this.opened();
    if (this.#datagramHost === undefined) {
      this.#datagramHost = opened.host;
      void opened.host.openSocket({ transport: opened.name });
    }
    return opened;
  }

  async open(host: TransportHost): Promise<void> {
    this.#host = host;
  }

  async close(disconnected: Promise<void>): Promise<void> {
    this.#host = undefined;
    const datagramHost = this.#datagramHost;
    this.#datagramHost = undefined;
    if (datagramHost === undefined) return;
    await disconnected;
    datagramHost.closeSocket(undefined);
  }

  address(): string | null {
    return this.#host === undefined ? null : this.#name;
  }

  describe(): string {
    return `${this.#name} connections`;
  }
}
