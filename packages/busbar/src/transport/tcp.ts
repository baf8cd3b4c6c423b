import { type AddressInfo, createServer, isIP, type Server, type Socket } from 'node:net';
import type { Client } from '../data/request.js';
import { OptionsError } from '../errors.js';
import { mbap } from '../framing/mbap.js';
import { checkBoolean, checkInteger, checkKeys, checkString } from '../options.js';
import { SERVER_OPTIONS, type ServerOptions } from '../server/options.js';
import { ModbusServer, type Transport, type TransportHost } from '../server/server.js';
import { serveStream } from '../server/stream-link.js';

export interface TcpServerOptions extends ServerOptions {
  /** Address or host name to listen on. Default `127.0.0.1`; `0.0.0.0` or `::` for all interfaces. */
  readonly host?: string;
  /** 0..65535; 0 lets the system choose, see `address()`. Default 502, which needs privileges on most systems. */
  readonly port?: number;
  /** Connections that the system keeps waiting until they are accepted. Default 511. */
  readonly backlog?: number;
  /** With host `::`: no IPv4 on the same socket. Default false. */
  readonly ipv6Only?: boolean;
  /** Lets several processes listen on the same port. Needs Node 22.12 or later. Default false. */
  readonly reusePort?: boolean;
}

const TCP_OPTIONS = [
  ...SERVER_OPTIONS,
  'host',
  'port',
  'backlog',
  'ipv6Only',
  'reusePort',
] as const satisfies (keyof TcpServerOptions)[];

const DEFAULT_PORT = 502;
const KEEP_ALIVE_DELAY_MS = 60_000;

/**
 * A Modbus/TCP server (TG). Addresses are reused as Node does it: a port is free again as soon as its server has closed.
 * @throws OptionsError from the constructor, with the path of the wrong option.
 */
export class ModbusTcpServer extends ModbusServer<AddressInfo> {
  constructor(options: TcpServerOptions) {
    checkKeys(options, TCP_OPTIONS);
    super(options, mbap, new TcpTransport(options));
  }
}

class TcpTransport implements Transport<AddressInfo> {
  readonly #options: TcpServerOptions;
  readonly #host: string;
  readonly #port: number;
  #server: Server | undefined;

  constructor(options: TcpServerOptions) {
    this.#options = options;
    this.#host = checkString(options.host ?? '127.0.0.1', ['host']);
    this.#port = checkInteger(options.port ?? DEFAULT_PORT, 0, 0xffff, ['port']);
    checkInteger(options.backlog ?? 1, 1, 0xffff, ['backlog']);
    checkBoolean(options.ipv6Only ?? false, ['ipv6Only']);
    if (checkBoolean(options.reusePort ?? false, ['reusePort']) && !supportsReusePort()) {
      throw new OptionsError(['reusePort'], `needs Node 22.12 or later, this is ${process.version}`);
    }
  }

  open(host: TransportHost): Promise<void> {
    const server = createServer({
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
      highWaterMark: this.#options.limits?.unsentBytes ?? 65536,
    });
    server.on('connection', (socket) => serveStream(host, socket, clientOf(socket)));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#listenOptions(), () => {
        server.off('error', reject);
        server.on('error', (error) => host.fail(error));
        this.#server = server;
        resolve();
      });
    });
  }

  #listenOptions() {
    const { backlog, ipv6Only, reusePort } = this.#options;
    return { host: this.#host, port: this.#port, backlog, ipv6Only, reusePort };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server?.close(() => resolve());
      this.#server = undefined;
    });
  }

  address(): AddressInfo | null {
    const address = this.#server?.address();
    return typeof address === 'object' ? address : null;
  }

  describe(): string {
    const host = isIP(this.#host) === 6 ? `[${this.#host}]` : this.#host;
    return `${host}:${this.address()?.port ?? this.#port}`;
  }
}

function clientOf(socket: Socket): Client {
  return { transport: 'tcp', address: plainAddress(socket.remoteAddress), port: socket.remotePort };
}

/** An IPv4 peer of a dual-stack socket is known by its IPv4 address. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') ? address.slice(7) : address;
}

function supportsReusePort(): boolean {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}
