import type { ServerOpts } from 'node:net';

const KEEP_ALIVE_DELAY_MS = 60_000;

/** Bounds on what a socket holds. */
export interface SocketLimits {
  /** Bytes that wait to be sent. */
  readonly unsentBytes: number;
}

/** The properties of connections: half-open after a FIN, no delay, keep-alive (TG, clause 4.3). */
export function socketOptions({ unsentBytes }: SocketLimits): ServerOpts {
  return {
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
    highWaterMark: unsentBytes,
  };
}
