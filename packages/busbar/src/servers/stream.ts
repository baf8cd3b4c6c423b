import type { Duplex } from 'node:stream';
import { types } from 'node:util';
import { type Checks, checkOptions, checkString, show, withDefault } from '../checks.js';
import type { Framing, FramingName } from '../framing/framing.js';
import { checkFraming } from '../framing/framings.js';
import { SERVER_CHECKS, type ServerOptions } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { type PeerDetails, StreamTransport } from '../transport/stream/listen.js';

export type { Connection, Link } from '../transport/link.js';
export type { PeerDetails } from '../transport/stream/listen.js';
export type { DatagramReceiver, Transport, TransportHost } from '../transport/transport.js';

export interface StreamServerOptions extends ServerOptions {
  /** How PDUs are framed: by name, or by a framing of your own. Default `mbap`. */
  readonly framing?: FramingName | Framing | undefined;
  /** `peer.transport` of its clients. Default `stream`. */
  readonly name?: string | undefined;
}

const CHECKS = {
  ...SERVER_CHECKS,
  framing: (framing, path) => checkFraming(framing, 'mbap', path),
  name: withDefault(checkString, 'stream'),
} satisfies Checks<StreamServerOptions>;

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
    super(checked, { framing: checked.framing, transport });
    this.#transport = transport;
  }

  /**
   * Serves the peer at the other end of a stream until either side closes it. The server closes the stream when it
   * closes itself, or at the connection limit.
   * @throws StateError `NOT_LISTENING`; TypeError if `stream` is not a stream, or is served already. Either leaves the
   * stream alone.
   */
  accept(stream: Duplex, peer: PeerDetails = {}): void {
    if (!isStream(stream)) throw new TypeError(`a connection must be a Duplex stream, found ${show(stream)}`);
    this.#transport.accept(stream, peer);
  }

  /**
   * Serves one datagram, which must be exactly one ADU; anything else is dropped and counted.
   * @param send called with the reply, if there is one.
   * @throws StateError `NOT_LISTENING`; TypeError if `bytes` is not bytes.
   */
  datagram(bytes: Uint8Array, send: (reply: Uint8Array) => void, peer: PeerDetails = {}): void {
    if (!types.isUint8Array(bytes)) throw new TypeError(`a datagram must be bytes, found ${show(bytes)}`);
    this.#transport.datagram(bytes, send, peer);
  }
}

/** Streams of other packages don't descend from Node's. */
function isStream(stream: Partial<Duplex> | null | undefined): boolean {
  return typeof stream?.on === 'function' && typeof stream.write === 'function';
}
