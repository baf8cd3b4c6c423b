import type { Duplex } from 'node:stream';
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkKeys,
  checkOneOf,
  checkString,
  type Path,
  show,
} from '../../checks.js';
import { OptionsError } from '../../errors.js';
import type { Framing } from '../../framing/framing.js';
import type { ServerOptions } from '../../server/options.js';

/**
 * An open port: a `SerialPort` of the `serialport` package, or any stream with a line behind it. One that knows of characters that
 * were lost before they could be read may tell by an event `overrun`, with their number.
 */
export type Port = Duplex & {
  readonly path?: string;
  /** Absent: it is open. */
  readonly isOpen?: boolean;
  readonly opening?: boolean;
  /** Sets the control lines; needed for `rts`. */
  set?(flags: { rts: boolean }, done: (error: Error | null) => void): void;
  /** Waits until the last bit has been sent. */
  drain?(done: (error: Error | null) => void): void;
};

/** Direction of a two-wire RS-485 adapter by its RTS line. Times are in milliseconds. */
export interface RtsOptions {
  /** Level of RTS while the server sends. Default `high`. */
  readonly active?: 'high' | 'low';
  /** Time between RTS and the first bit. Default 0. */
  readonly delayBefore?: number;
  /** Time between the last bit, as far as the system knows it, and the change back. Default 0. */
  readonly delayAfter?: number;
}

/** When a port is opened again. Times are in milliseconds; each attempt waits twice as long as the one before. */
export interface ReconnectOptions {
  /** Default 500. */
  readonly initialDelay?: number;
  /** Default 10000. */
  readonly maxDelay?: number;
  /**
   * A port that isn't there at the start, or that something else has open, is waited for like one that was lost: `listen()`
   * resolves, and `portAwaited` tells why. Default false: `listen()` rejects.
   */
  readonly atStart?: boolean;
}

/** Where a line is, and how to read it. */
export interface LineSource {
  /** The port: `/dev/ttyUSB0`, `COM3`. With `port` only a name for messages, by default its own. */
  readonly path?: string;
  /** A port that the program has opened, instead of line settings. It is neither opened nor closed by the server. */
  readonly port?: Port;
  /** Default 19200 (SL, clause 2.5.1). */
  readonly baudRate?: number;
  /** 8, the default, or with ASCII 7, its default. */
  readonly dataBits?: 7 | 8;
  /** Default `even`. */
  readonly parity?: 'even' | 'odd' | 'none';
  /** Default 1; without parity 2. */
  readonly stopBits?: 1 | 2;
  /** How PDUs are framed. Default `rtu`. */
  readonly framing?: 'rtu' | 'ascii';
  readonly rts?: RtsOptions;
  /** What to do when the port is lost: open it again, or with `false` end. See `atStart` for one that is missing from the start. */
  readonly reconnect?: false | ReconnectOptions;
}

export interface SerialServerOptions extends ServerOptions, Omit<LineSource, 'framing'> {
  /** How PDUs are framed: `rtu` (the default), `ascii`, or in a way of your own. */
  readonly framing?: 'rtu' | 'ascii' | Framing;
  /** The adapter hears what it sends: bytes that come back as they were sent are thrown away. Default false. */
  readonly discardEcho?: boolean;
  /** Least time from a request to its reply, in milliseconds, for clients that need it to listen again. Default 0. */
  readonly turnaroundDelay?: number;
  /**
   * A reply is not sent if the line has carried something else since its request, at least four bytes: the client has given up,
   * and another station may be speaking. Default true. It matters where a handler or `turnaroundDelay` takes its time.
   */
  readonly discardStaleReplies?: boolean;
}

/** What only a port that the server opens itself can be told. */
const PORT_OPTIONS = ['baudRate', 'dataBits', 'parity', 'stopBits', 'reconnect'] as const;

export const LINE_SOURCE = ['path', 'port', 'framing', 'rts', ...PORT_OPTIONS] as const satisfies (keyof LineSource)[];

export const SERIAL_OPTIONS = [
  ...LINE_SOURCE,
  'discardEcho',
  'turnaroundDelay',
  'discardStaleReplies',
] as const satisfies (keyof SerialServerOptions)[];

const MAX_BAUD_RATE = 12_000_000;
const MAX_RTS_DELAY_MS = 10_000;
const MAX_RECONNECT_DELAY_MS = 0x7fffffff;

/** How to open a port, as the `serialport` package takes it. */
export interface LineSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'even' | 'odd' | 'none';
  readonly stopBits: 1 | 2;
  readonly highWaterMark: number;
}

/** @returns the user's own port, if there is one. */
export function checkPort(options: LineSource | SerialServerOptions): Port | undefined {
  const { port } = options;
  if (port === undefined) return undefined;
  if (typeof port !== 'object' || port === null) {
    throw new OptionsError(['port'], `expected an open port or a Duplex stream, found ${show(port)}`);
  }
  for (const method of ['on', 'off', 'write', 'pause', 'resume'] as const)
    checkFunction(port[method], ['port', method]);
  if (options.rts !== undefined) checkFunction(port.set, ['port', 'set']);
  for (const name of PORT_OPTIONS) {
    if (options[name] !== undefined) throw new OptionsError([name], 'is up to whoever opened the port');
  }
  return port;
}

export function checkPath({ path, port }: Pick<LineSource, 'path' | 'port'>): string {
  if (path === undefined && port !== undefined) return port.path ?? 'serial port';
  if (checkString(path, ['path']) === '') throw new OptionsError(['path'], 'expected a port, found an empty string');
  return path as string;
}

/** @param highWaterMark bytes that may wait to be sent. */
export function checkLine(
  options: LineSource | SerialServerOptions,
  path: string,
  highWaterMark: number,
): LineSettings {
  const { framing = 'rtu', baudRate = 19_200, parity = 'even' } = options;
  const dataBits = checkOneOf(options.dataBits ?? (framing === 'ascii' ? 7 : 8), [7, 8] as const, ['dataBits']);
  if (framing === 'rtu' && dataBits === 7) {
    throw new OptionsError(['dataBits'], 'expected 8, found 7: RTU frames are made of 8-bit bytes');
  }
  return {
    path,
    baudRate: checkInteger(baudRate, 50, MAX_BAUD_RATE, ['baudRate']),
    dataBits,
    parity: checkOneOf(parity, ['even', 'odd', 'none'] as const, ['parity']),
    stopBits: checkOneOf(options.stopBits ?? (parity === 'none' ? 2 : 1), [1, 2] as const, ['stopBits']),
    highWaterMark,
  };
}

export function checkRts(rts: RtsOptions | undefined, path: Path = ['rts']): Required<RtsOptions> | undefined {
  if (rts === undefined) return undefined;
  checkKeys(rts, ['active', 'delayBefore', 'delayAfter'], path);
  return {
    active: checkOneOf(rts.active ?? 'high', ['high', 'low'] as const, [...path, 'active']),
    delayBefore: checkInteger(rts.delayBefore ?? 0, 0, MAX_RTS_DELAY_MS, [...path, 'delayBefore']),
    delayAfter: checkInteger(rts.delayAfter ?? 0, 0, MAX_RTS_DELAY_MS, [...path, 'delayAfter']),
  };
}

/** @returns undefined for a port that is not opened again. */
export function checkReconnect(
  options: Pick<LineSource, 'reconnect' | 'port'>,
): Required<ReconnectOptions> | undefined {
  const { reconnect = {}, port } = options;
  if (reconnect === false || port !== undefined) return undefined;
  const path = ['reconnect'];
  checkKeys(reconnect, ['initialDelay', 'maxDelay', 'atStart'], path);
  const { initialDelay = 500, maxDelay = Math.max(10_000, initialDelay), atStart = false } = reconnect;
  checkInteger(initialDelay, 1, MAX_RECONNECT_DELAY_MS, [...path, 'initialDelay']);
  return {
    initialDelay,
    maxDelay: checkInteger(maxDelay, initialDelay, MAX_RECONNECT_DELAY_MS, [...path, 'maxDelay']),
    atStart: checkBoolean(atStart, [...path, 'atStart']),
  };
}
