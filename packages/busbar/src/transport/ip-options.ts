import { isIP, type Socket } from 'node:net';
import { type Checked, checkBoolean, checkString, integer, optional, type Path, withDefault } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Framing, FramingName } from '../framing/framing.js';
import type { Limits, ServerOptions } from '../server/options.js';

/** Options of the servers that listen on a TCP port. */
export interface IpServerOptions extends ServerOptions {
  /** Address or host name to listen on. Default `127.0.0.1`; `0.0.0.0` or `::` for all interfaces. */
  readonly host?: string;
  /** 0..65535; 0 lets the system choose, see `address()`. The default needs privileges on most systems. */
  readonly port?: number;
  /** How many connections the system queues before they are accepted. Default 511. */
  readonly backlog?: number;
  /** With host `::`: no IPv4 on the same socket. Default false. */
  readonly ipv6Only?: boolean;
  /**
   * Lets several servers and processes listen on the same port; the system spreads the clients over them. Needs Node
   * 22.12, 23.1 or later, and a system that supports it, such as Linux. Default false.
   */
  readonly reusePort?: boolean;
  /**
   * How PDUs are framed. Default `mbap`; `rtu` and `ascii` are serial frames over the network; or a framing of your
   * own.
   */
  readonly framing?: FramingName | Framing;
}

export const DEFAULT_HOST = '127.0.0.1';
const KEEP_ALIVE_DELAY_MS = 60_000;

/** Checks of the options that say where to listen. */
export function placeChecks(defaultPort: number) {
  return {
    host: withDefault(checkHost, DEFAULT_HOST),
    port: withDefault(integer(0, 0xffff), defaultPort),
    ipv6Only: withDefault(checkBoolean, false),
    reusePort: withDefault(checkReusePort, false),
  };
}

/** The same for TCP. */
export function tcpChecks(defaultPort: number) {
  return { ...placeChecks(defaultPort), backlog: optional(integer(1, 0xffff)) };
}

/** How to listen, in the form of `net.Server`. */
export function listenOptions({ host, port, backlog, ipv6Only, reusePort }: Checked<ReturnType<typeof tcpChecks>>) {
  return { host, port, backlog, ipv6Only, ...reusing(reusePort) };
}

/** For a socket's options: Node refuses some values of this key, if it knows the key at all. */
export function reusing(reusePort: boolean): { reusePort?: true } {
  return reusePort ? { reusePort } : {};
}

function checkReusePort(value: unknown, path: Path): boolean {
  const reusePort = checkBoolean(value, path);
  if (!reusePort || supportsReusePort()) return reusePort;
  throw new OptionsError(path, `needs Node 22.12, 23.1 or later, this is ${process.version}`);
}

function checkHost(value: unknown, path: Path): string {
  const host = checkString(value, path);
  if (host === '') throw new OptionsError(path, 'expected an address or a host name, found an empty string');
  return host;
}

/** The properties of connections: half-open after a FIN, no delay, keep-alive (TG, clause 4.3). */
export function socketOptions({ unsentBytes }: Required<Limits>) {
  return {
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
    highWaterMark: unsentBytes,
  };
}

/** Host and port as text. */
export function formatEndpoint(host: string | undefined, port: number | undefined): string {
  return `${isIP(host ?? '') === 6 ? `[${host}]` : host}:${port}`;
}

/** An IPv4 peer of a dual-stack socket has its IPv4 address. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') ? address.slice(7) : address;
}

export function peerOf(socket: Socket): { address: string | undefined; port: number | undefined } {
  return { address: plainAddress(socket.remoteAddress), port: socket.remotePort };
}

function supportsReusePort(): boolean {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
}
