import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import type { LookupOneOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import { type Checked, type Checks, checkBoolean, checkOptions, withDefault } from '../checks.js';
import { BusbarError } from '../errors.js';
import { checkFraming } from '../framing/framings.js';
import type { Peer } from '../peer.js';
import { SERVER_CHECKS, type ServerOptions } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { formatEndpoint, type IpServerOptions, placeChecks, plainAddress, reusing } from '../transport/ip-options.js';
import type { Transport, TransportHost } from '../transport/transport.js';
import { addServerPort, deleteServerPort, isServerPort } from '../transport/udp/server-ports.js';
import { DEFAULT_PORT } from './tcp.js';

/** As for TCP; each datagram is one ADU. Default port 502. */
export interface UdpServerOptions
  extends ServerOptions,
    Pick<IpServerOptions, 'host' | 'port' | 'ipv6Only' | 'reusePort' | 'framing'> {
  /**
   * Also serves clients that send from a server's port: 502, 802, or one on which a UDP server of this program listens.
   * By default, datagrams from there get no reply: they may be replies, and two servers would answer each other.
   * Default false.
   */
  readonly allowServerPorts?: boolean;
}

const CHECKS = {
  ...SERVER_CHECKS,
  ...placeChecks(DEFAULT_PORT),
  framing: (framing, path) => checkFraming(framing, 'mbap', path),
  allowServerPorts: withDefault(checkBoolean, false),
} satisfies Checks<UdpServerOptions>;

/**
 * A Modbus server over UDP. A datagram is one ADU; any other is dropped and counted. The reply goes to the sender's
 * address and port, from the port that received the request. `limits.connections` bounds the requests in progress at
 * once.
 * @throws OptionsError from the constructor, with the paths of all wrong options.
 */
export class ModbusUdpServer extends ModbusServer<AddressInfo> {
  constructor(options: UdpServerOptions) {
    const checked = checkOptions(options, CHECKS);
    super(checked, checked.framing, new UdpTransport(checked));
  }
}

class UdpTransport implements Transport<AddressInfo> {
  readonly #host: string;
  readonly #port: number;
  readonly #options: Pick<SocketOptions, 'ipv6Only'>;
  readonly #allowServerPorts: boolean;
  #warned = false;
  #socket: Socket | undefined;

  constructor({ host, port, ipv6Only, reusePort, allowServerPorts }: Checked<typeof CHECKS>) {
    this.#host = host;
    this.#port = port;
    this.#options = { ipv6Only, ...reusing(reusePort) };
    this.#allowServerPorts = allowServerPorts;
  }

  async open(host: TransportHost): Promise<void> {
    const { address: bindAddress, family } = await lookup(this.#host);
    const type = family === 6 ? 'udp6' : 'udp4';
    const socket = createSocket({ type, ...this.#options, lookup: literalAddress });
    await bind(socket, bindAddress, this.#port);
    const { address, port } = socket.address();
    try {
      await host.openSocket({ transport: 'udp', address, port });
    } catch (error) {
      socket.close();
      throw error;
    }
    this.#socket = socket;
    socket.on('error', (error) => host.fail(error));
    addServerPort(port);
    socket.on('close', () => {
      deleteServerPort(port);
      host.closeSocket(undefined);
    });
    socket.on('message', (bytes, peer) => {
      // Nothing can be sent to port 0; only forged datagrams come from it.
      if (peer.port === 0) return;
      if (!this.#allowServerPorts && isServerPort(peer.port)) {
        this.#refuse(host, peer);
        return;
      }
      host.datagram(bytes, peerOf(peer), (reply) => {
        socket.send(reply, peer.port, peer.address, (error) => {
          if (error !== null) host.fail(error);
        });
      });
    });
  }

  /** Counted each time, but reported once, because forged addresses could fill a log. */
  #refuse(host: TransportHost, { address, port }: RemoteInfo): void {
    host.refuseDatagram();
    if (this.#warned) return;
    this.#warned = true;
    const from = formatEndpoint(plainAddress(address), port);
    const advice = 'for a client that sends from there, set allowServerPorts: true';
    const message = `${this.describe()}: datagrams from ${from} get no reply, because that is a server's port; ${advice}`;
    host.warn(new BusbarError('SERVER_PORT', message));
  }

  /** The replies of requests in progress need the socket. */
  async close(disconnected: Promise<void>): Promise<void> {
    await disconnected;
    const socket = this.#socket;
    this.#socket = undefined;
    await new Promise<void>((resolve) => socket?.close(resolve));
  }

  address(): AddressInfo | null {
    return this.#socket?.address() ?? null;
  }

  describe(): string {
    return `udp ${formatEndpoint(this.#host, this.address()?.port ?? this.#port)}`;
  }
}

function peerOf({ address, port }: RemoteInfo): Peer {
  return { transport: 'udp', address: plainAddress(address), port };
}

function bind(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ address, port }, () => {
      socket.off('error', fail);
      resolve();
    });
  });
}

/** Peers are known by address, so a look-up would only delay the reply. */
function literalAddress(
  address: string,
  _options: LookupOneOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  callback(null, address, 0);
}
