import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import type { LookupOneOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import type { ChecksTo } from '../../checks.js';
import type { Peer } from '../../peer.js';
import { formatEndpoint, plainAddress } from '../address.js';
import {
  type CheckedPlace,
  DEFAULT_PORT,
  IP_ADVICE,
  type IpListenOptions,
  placeChecks,
  reusing,
} from '../ip-options.js';
import { listenError } from '../listen-error.js';
import type { Transport, TransportHost } from '../transport.js';

/** Where to take datagrams. */
export type UdpListenOptions = Pick<IpListenOptions, 'host' | 'port' | 'ipv6Only' | 'reusePort'>;

/** Checks of where to take datagrams. */
export const UDP_CHECKS: ChecksTo<CheckedPlace> = placeChecks(DEFAULT_PORT);

type Host = Pick<TransportHost, 'openSocket'>;

/** Takes the datagrams that come to a UDP port. */
export class UdpTransport implements Transport<AddressInfo> {
  readonly #host: string;
  readonly #port: number;
  readonly #options: Pick<SocketOptions, 'ipv6Only'>;
  #socket: Socket | undefined;

  constructor({ host, port, ipv6Only, reusePort }: CheckedPlace) {
    this.#host = host;
    this.#port = port;
    this.#options = { ipv6Only, ...reusing(reusePort) };
  }

  async open(host: Host): Promise<void> {
    try {
      const { address, family } = await lookup(this.#host);
      const type = family === 6 ? 'udp6' : 'udp4';
      const socket = createSocket({ type, ...this.#options, lookup: literalAddress });
      await bind(socket, address, this.#port);
      await serve(host, socket);
      this.#socket = socket;
    } catch (error) {
      throw listenError(error, this.describe(), IP_ADVICE);
    }
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

/** Resolves when the datagrams that come are taken. */
async function serve(host: Host, socket: Socket): Promise<void> {
  const { address, port } = socket.address();
  const receiver = host.openSocket({ transport: 'udp', address, port });
  socket.on('close', () => receiver.closed(undefined));
  try {
    await receiver.ready;
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('error', (error) => receiver.failed(error));
  socket.on('message', (bytes, peer) => {
    // Nothing can be sent to port 0, which only a forged datagram comes from.
    if (peer.port === 0) return;
    receiver.receive(bytes, peerOf(peer), (reply) => {
      socket.send(reply, peer.port, peer.address, (error) => {
        if (error !== null) receiver.failed(error);
      });
    });
  });
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

/** Peers are known by address, so that a look-up would only delay the reply. */
function literalAddress(
  address: string,
  _options: LookupOneOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  callback(null, address, 0);
}
