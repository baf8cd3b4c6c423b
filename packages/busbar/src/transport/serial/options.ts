import type { Duplex } from 'node:stream';
import {
  type Check,
  type Checked,
  type Checks,
  checkBoolean,
  checkFunction,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkPart,
  checkString,
  integer,
  oneOf,
  optional,
  type Path,
  show,
  type UncheckedOptions,
  withDefault,
} from '../../checks.js';
import { OptionsError } from '../../errors.js';
import type { Framing } from '../../framing/framing.js';
import type { ServerOptions } from '../../server/options.js';

/**
 * An open port: a `SerialPort` of the `serialport` package, or any stream that leads to a line. It may report
 * characters lost before they could be read with an event `overrun` and their number.
 */
export type Port = Duplex & {
  readonly path?: string;
  /** Without it, the port counts as open. */
  readonly isOpen?: boolean;
  readonly opening?: boolean;
  /** Sets the control lines; required for `rts`. */
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
  /** Time between the last bit, as reported by the system, and the change back. Default 0. */
  readonly delayAfter?: number;
}

/** When a port is reopened. Times are in milliseconds; each attempt waits twice as long as the one before. */
export interface ReconnectOptions {
  /** Default 500. */
  readonly initialDelay?: number;
  /** Default 10000. */
  readonly maxDelay?: number;
  /**
   * Also waits for a port that is missing or in use at the start: `listen()` resolves, and `portAwaited` says why.
   * Default false: `listen()` rejects.
   */
  readonly atStart?: boolean;
}

export const PARITIES = ['even', 'odd', 'none'] as const;
export type Parity = (typeof PARITIES)[number];

/** The framings of serial lines. */
export const SERIAL_FRAMING_NAMES = ['rtu', 'ascii'] as const;
export type SerialFramingName = (typeof SERIAL_FRAMING_NAMES)[number];

/** Where a line is, and how to read it. */
export interface LineSource {
  /** The port: `/dev/ttyUSB0`, `COM3`. With `port`, only a name for messages, by default the port's own. */
  readonly path?: string;
  /** A port that the program has opened, instead of line settings. The server neither opens nor closes it. */
  readonly port?: Port;
  /** Default 19200 (SL, clause 2.5.1). */
  readonly baudRate?: number;
  /** 8; with ASCII also 7, which is the default there. */
  readonly dataBits?: 7 | 8;
  /** Default `even`. */
  readonly parity?: Parity;
  /** Default 1; without parity 2. */
  readonly stopBits?: 1 | 2;
  /** How PDUs are framed. Default `rtu`. */
  readonly framing?: SerialFramingName;
  readonly rts?: RtsOptions;
  /**
   * What to do when the port is lost: reopen it, or with `false` end. See `atStart` for a port that is missing at the
   * start.
   */
  readonly reconnect?: false | ReconnectOptions;
}

export interface SerialServerOptions extends ServerOptions, Omit<LineSource, 'framing'> {
  /** How PDUs are framed: `rtu` (the default), `ascii`, or a framing of your own. */
  readonly framing?: SerialFramingName | Framing;
  /** The adapter hears what it sends: bytes that come back as they were sent are discarded. Default false. */
  readonly discardEcho?: boolean;
  /** Minimum time from a request to its reply, in milliseconds, for clients that are slow to listen. Default 0. */
  readonly turnaroundDelay?: number;
  /**
   * A reply is not sent if the line has carried at least four other bytes since its request: the client has given up,
   * and another station may be sending. Default true. This matters with slow handlers and `turnaroundDelay`.
   */
  readonly discardStaleReplies?: boolean;
}

const MAX_BAUD_RATE = 12_000_000;
const MAX_RTS_DELAY_MS = 10_000;
const MAX_RECONNECT_DELAY_MS = 0x7fffffff;

/** How to open a port, in the form of the `serialport` package. */
export interface LineSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: Parity;
  readonly stopBits: 1 | 2;
  readonly highWaterMark: number;
}

/** Options only for a port that the server opens itself. */
function ofOwnPort<T>(check: Check<T>): Check<T> {
  return (value, path, options) => {
    if (value !== undefined && options.port !== undefined) {
      throw new OptionsError(path, 'is set by the program that opens the port');
    }
    return check(value, path, options);
  };
}

const RTS = {
  active: withDefault(oneOf(['high', 'low']), 'high'),
  delayBefore: withDefault(integer(0, MAX_RTS_DELAY_MS), 0),
  delayAfter: withDefault(integer(0, MAX_RTS_DELAY_MS), 0),
} satisfies Checks<RtsOptions>;

const RECONNECT = {
  initialDelay: withDefault(integer(1, MAX_RECONNECT_DELAY_MS), 500),
  maxDelay: optional((delay, path, { initialDelay }) => {
    const least = typeof initialDelay === 'number' ? initialDelay : 1;
    return checkInteger(delay, least, MAX_RECONNECT_DELAY_MS, path);
  }),
  atStart: withDefault(checkBoolean, false),
} satisfies Checks<ReconnectOptions>;

/** Checks of where a line is, and how to read it, except for the framing. */
export const LINE_CHECKS = {
  path: (path, at, { port }) => (path === undefined && port !== undefined ? undefined : checkPath(path, at)),
  port: optional(checkPort),
  baudRate: ofOwnPort(optional(integer(50, MAX_BAUD_RATE))),
  dataBits: ofOwnPort(optional(checkDataBits)),
  parity: ofOwnPort(optional(oneOf(PARITIES))),
  stopBits: ofOwnPort(optional(oneOf([1, 2]))),
  rts: optional((rts, path) => checkOptions(rts, RTS, path)),
  reconnect: ofOwnPort(checkReconnect),
} satisfies Checks<Omit<LineSource, 'framing'>>;

function checkPath(value: unknown, at: Path): string {
  const path = checkString(value, at);
  if (path === '') throw new OptionsError(at, 'expected a port, found an empty string');
  return path;
}

const PORT_METHODS = ['on', 'off', 'write', 'pause', 'resume'];

function checkPort(port: unknown, path: Path, { rts }: UncheckedOptions): Port {
  if (typeof port !== 'object' || port === null) {
    throw new OptionsError(path, `expected an open port or a Duplex stream, found ${show(port)}`);
  }
  const methods = rts === undefined ? PORT_METHODS : [...PORT_METHODS, 'set'];
  checkPart(port, Object.fromEntries(methods.map((method) => [method, checkFunction])), path);
  return port as Port;
}

function checkDataBits(value: unknown, path: Path, { framing = 'rtu' }: UncheckedOptions): 7 | 8 {
  const dataBits = checkOneOf(value, [7, 8], path);
  if (framing !== 'rtu' || dataBits === 8) return dataBits;
  throw new OptionsError(path, 'expected 8, found 7: RTU frames are made of 8-bit bytes');
}

/** @returns undefined for a port that is not reopened. */
function checkReconnect(reconnect: unknown = {}, path: Path): Required<ReconnectOptions> | undefined {
  if (reconnect === false) return undefined;
  const { initialDelay, maxDelay = Math.max(10_000, initialDelay), atStart } = checkOptions(reconnect, RECONNECT, path);
  return { initialDelay, maxDelay, atStart };
}

/** A line's checked options. */
type CheckedLine = Checked<typeof LINE_CHECKS> & Partial<Record<'framing', unknown>>;

/** The path of a line, or the name of its port. */
export function lineName({ path, port }: CheckedLine): string {
  return path ?? port?.path ?? 'serial port';
}

/** The user's own port, or how to open one. @param highWaterMark bytes that may wait to be sent. */
export function lineSource(line: CheckedLine, highWaterMark: number): LineSettings | { readonly port: Port } {
  if (line.port !== undefined) return { port: line.port };
  return { path: lineName(line), ...lineSettings(line), highWaterMark };
}

/** The settings of a serial line, with the defaults filled in (SL, clauses 2.5.1 and 2.5.2). */
export function lineSettings(
  line: Pick<LineSource, 'baudRate' | 'dataBits' | 'parity' | 'stopBits'> & { readonly framing?: unknown },
): Pick<LineSettings, 'baudRate' | 'dataBits' | 'parity' | 'stopBits'> {
  const { framing, baudRate = 19_200, parity = 'even' } = line;
  const { dataBits = framing === 'ascii' ? 7 : 8, stopBits = parity === 'none' ? 2 : 1 } = line;
  return { baudRate, dataBits, parity, stopBits };
}
