import type { FunctionRule, Limits, UnitOptions } from 'busbar';

export const UNKNOWN_UNIT = ['gatewayTargetFailed', 'gatewayPathUnavailable', 'silent', 'any'] as const;
type UnknownUnit = (typeof UNKNOWN_UNIT)[number];

export const DIAGNOSTICS = ['all', 'read', 'none'] as const;

export const FRAMINGS = ['mbap', 'rtu', 'ascii'] as const;
type FramingName = (typeof FRAMINGS)[number];

export const PARITIES = ['even', 'odd', 'none'] as const;

export const WEAK_KEYS = ['refuse', 'allow'] as const;

export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

interface ListenerOptions {
  /** Ids or names of the units that it serves, the default unit first; absent: all. */
  units?: (number | string)[];
  unknownUnit?: UnknownUnit;
  /** The only functions that are answered; absent: all. */
  functions?: FunctionRule[];
  /** Absent: read, on serial lines all. */
  diagnostics?: (typeof DIAGNOSTICS)[number];
  limits?: Limits;
  silence?: number;
}

interface NetworkOptions extends ListenerOptions {
  /** Absent: mbap. */
  framing?: FramingName;
}

export interface TcpListener extends NetworkOptions {
  type: 'tcp';
  /** Absent: 127.0.0.1. */
  host?: string;
  port: number;
  reusePort?: boolean;
  priorityClients?: string[];
}

interface UdpListener extends NetworkOptions {
  type: 'udp';
  /** Absent: 127.0.0.1. */
  host?: string;
  port: number;
  allowServerPorts?: boolean;
  reusePort?: boolean;
}

export interface RoleRule {
  /** null: clients whose certificate has no role. */
  role: string | null;
  functions?: FunctionRule[];
  units?: number[];
  ranges?: RoleRange[];
}

interface RoleRange {
  table: 'coils' | 'discreteInputs' | 'holdingRegisters' | 'inputRegisters';
  start: number;
  count: number;
}

export interface TlsListener extends NetworkOptions {
  type: 'tls';
  /** Absent: 127.0.0.1. */
  host?: string;
  /** Absent: 802. */
  port?: number;
  reusePort?: boolean;
  priorityClients?: string[];
  certFile: string;
  keyFile: string;
  passphrase?: string;
  caFile?: string;
  crlFile?: string;
  requireClientCertificate?: boolean;
  minVersion?: (typeof TLS_VERSIONS)[number];
  weakKeys?: (typeof WEAK_KEYS)[number];
  recheckClients?: boolean;
  handshakeTimeout?: number;
  roles?: RoleRule[];
}

export interface SerialListener extends ListenerOptions {
  type: 'serial';
  path: string;
  baudRate?: number;
  dataBits?: 7 | 8;
  parity?: (typeof PARITIES)[number];
  stopBits?: 1 | 2;
  framing?: 'rtu' | 'ascii';
  discardEcho?: boolean;
  rts?: { active?: 'high' | 'low'; delayBefore?: number; delayAfter?: number };
  turnaroundDelay?: number;
  discardStaleReplies?: boolean;
  reconnect?: boolean | { initialDelay?: number; maxDelay?: number; atStart?: boolean };
}

export interface UnixListener extends NetworkOptions {
  type: 'unix';
  path: string;
  /** Octal digits. */
  mode?: string;
}

/** One member per type of listener. */
export type Listener = TcpListener | UdpListener | TlsListener | SerialListener | UnixListener;

/** The config file; its units are the library's own options. */
export interface Config {
  $schema?: string;
  listen?: Listener[];
  units: UnitOptions[];
  identity?: UnitOptions['identity'];
  unknownUnit?: UnknownUnit;
}
