import type { Limits, UnitOptions } from 'busbar';

export const UNKNOWN_UNIT = ['gatewayTargetFailed', 'gatewayPathUnavailable', 'silent', 'any'] as const;
type UnknownUnit = (typeof UNKNOWN_UNIT)[number];

interface ListenerOptions {
  unknownUnit?: UnknownUnit;
  /** The only function codes that are answered; absent: all. */
  functions?: number[];
  limits?: Limits;
  priorityClients?: string[];
}

interface TcpListener extends ListenerOptions {
  type: 'tcp';
  /** Absent: 127.0.0.1. */
  host?: string;
  port: number;
}

/** One member per type of listener. */
export type Listener = TcpListener;

/** The config file; its units are the library's own options. */
export interface Config {
  $schema?: string;
  listen?: Listener[];
  units: UnitOptions[];
  identity?: UnitOptions['identity'];
  unknownUnit?: UnknownUnit;
}
