import type { ListenOptions } from 'node:net';
import {
  type CheckedOptions,
  type ChecksTo,
  type Complete,
  checkBoolean,
  checkString,
  integer,
  optional,
  type Path,
  withDefault,
} from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Advice } from './listen-error.js';

/** Where to listen on a TCP port. */
export interface IpListenOptions {
  /** Address or host name to listen on. Default `127.0.0.1`; `0.0.0.0` or `::` for all interfaces. */
  readonly host?: string | undefined;
  /** 0..65535; 0 lets the system choose, see `address()`. The default needs privileges on most systems. */
  readonly port?: number | undefined;
  /** How many connections the system queues before they are accepted. Default 511. */
  readonly backlog?: number | undefined;
  /** With host `::`: no IPv4 on the same socket. Default false. */
  readonly ipv6Only?: boolean | undefined;
  /**
   * Lets several servers and processes listen on the same port; the system spreads the clients over them. Needs Node
   * 22.12, 23.1 or later, and a system that supports it, such as Linux. Default false.
   */
  readonly reusePort?: boolean | undefined;
}

export const DEFAULT_HOST = '127.0.0.1';
/** The port of Modbus/TCP, and of Modbus over UDP. */
export const DEFAULT_PORT = 502;

/** What to do if an address and port can't be had. */
export const IP_ADVICE: Advice = {
  EADDRINUSE: 'the port is in use; stop the program that has it, or choose another port',
  EACCES: 'not permitted; ports below 1024 need privileges, so choose a higher port or grant them',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved now; check the network, or use an address',
};

/** Where to listen on a network, after the checks. */
export type CheckedPlace = Complete<Omit<IpListenOptions, 'backlog'>>;

/** The same for TCP. */
export type CheckedTcpPlace = CheckedOptions<IpListenOptions, { readonly backlog: number | undefined }>;

/** Checks of the options that say where to listen. */
export function placeChecks(defaultPort: number): ChecksTo<CheckedPlace> {
  return {
    host: withDefault(checkHost, DEFAULT_HOST),
    port: withDefault(integer(0, 0xffff), defaultPort),
    ipv6Only: withDefault(checkBoolean, false),
    reusePort: withDefault(checkReusePort, false),
  };
}

/** The same for TCP. */
export function tcpChecks(defaultPort: number): ChecksTo<CheckedTcpPlace> {
  return { ...placeChecks(defaultPort), backlog: optional(integer(1, 0xffff)) };
}

/** How to listen, in the form of `net.Server`. */
export function listenOptions({ host, port, backlog, ipv6Only, reusePort }: CheckedTcpPlace): ListenOptions {
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

function supportsReusePort(): boolean {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
}
