import type { Duplex } from 'node:stream';
import {
  type Check,
  type Checks,
  type ChecksTo,
  type Complete,
  checkBoolean,
  checkFunction,
  checkInteger,
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

/**
 * An open port: a `SerialPort` of the `serialport` package, or any stream that leads to a line. It may report
 * characters lost before they could be read with an event `overrun` and their number.
 */
export type Port = Duplex & {
  readonly path?: string | undefined;
  /** Without it, the port counts as open. */
  readonly isOpen?: boolean | undefined;
  readonly opening?: boolean | undefined;
  /** Sets the control lines; required for `rts`. */
  set?(flags: { rts: boolean }, done: (error: Error | null) => void): void;
  /** Waits until the last bit has been sent. */
  drain?(done: (error: Error | null) => void): void;
};

/** A port that the server has opened, and must close. */
export type OwnPort = Port & {
  readonly isOpen: boolean;
  drain(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
};

/** Direction of a two-wire RS-485 adapter by its RTS line. Times are in milliseconds. */
export interface RtsOptions {
  /** Level of RTS while the server sends. Default `high`. */
  readonly active?: 'high' | 'low' | undefined;
  /** Time between RTS and the first bit. Default 0. */
  readonly delayBefore?: number | undefined;
  /** Time between the last bit, as reported by the system, and the change back. Default 0. */
  readonly delayAfter?: number | undefined;
}

/** When a port is reopened. Times are in milliseconds; each attempt waits twice as long as the one before. */
export interface ReconnectOptions {
  /** Default 500. */
  readonly initialDelay?: number | undefined;
  /** Default 10000. */
  readonly maxDelay?: number | undefined;
  /**
   * Also waits for a port that is missing or in use at the start: `listen()` resolves, and `portAwaited` says why.
   * Default false: `listen()` rejects.
   */
  readonly atStart?: boolean | undefined;
}

export const PARITIES = ['even', 'odd', 'none'] as const;
export type Parity = (typeof PARITIES)[number];

/** Where a line is, and how to read it. */
export interface LineSource {
  /** The port: `/dev/ttyUSB0`, `COM3`. With `port`, only a name for messages, by default the port's own. */
  readonly path?: string | undefined;
  /** A port that the program has opened, instead of line settings. The server neither opens nor closes it. */
  readonly port?: Port | undefined;
  /** Default 19200 (SL, clause 2.5.1). */
  readonly baudRate?: number | undefined;
  /** 8; with ASCII also 7, which is the default there. */
  readonly dataBits?: 7 | 8 | undefined;
  /** Default `even`. */
  readonly parity?: Parity | undefined;
  /** Default 1; without parity 2. */
  readonly stopBits?: 1 | 2 | undefined;
  readonly rts?: RtsOptions | undefined;
  /**
   * What to do when the port is lost: reopen it, or with `false` end. See `atStart` for a port that is missing at the
   * start.
   */
  readonly reconnect?: false | ReconnectOptions | undefined;
}

/** How a line is opened by one that sends on it, too. */
export interface SerialListenOptions extends LineSource {
  /** The adapter hears what it sends: bytes that come back as they were sent are discarded. Default false. */
  readonly discardEcho?: boolean | undefined;
}

const MAX_BAUD_RATE = 12_000_000;
const MAX_RTS_DELAY_MS = 10_000;
const MAX_RECONNECT_DELAY_MS = 0x7fffffff;

/** How characters are sent. */
export interface PortSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: Parity;
  readonly stopBits: 1 | 2;
}

/** How to open a port, in the form of the `serialport` package. */
export interface LineSettings extends PortSettings {
  readonly path: string;
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

/** A line's checked options. What is undefined has its default when the port is opened. */
export interface CheckedLine extends Omit<Required<LineSource>, 'rts' | 'reconnect'> {
  readonly rts: Complete<RtsOptions> | undefined;
  readonly reconnect: Complete<ReconnectOptions> | undefined;
}

/** Checks of where a line is, and how to read it. */
export const LINE_CHECKS: ChecksTo<CheckedLine> = {
  path: (path, at, { port }) => (path === undefined && port !== undefined ? undefined : checkPath(path, at)),
  port: optional(checkPort),
  baudRate: ofOwnPort(optional(integer(50, MAX_BAUD_RATE))),
  dataBits: ofOwnPort(optional(oneOf([7, 8]))),
  parity: ofOwnPort(optional(oneOf(PARITIES))),
  stopBits: ofOwnPort(optional(oneOf([1, 2]))),
  rts: optional((rts, path) => checkOptions(rts, RTS, path)),
  reconnect: ofOwnPort(checkReconnect),
};

/** Checks of how a line is opened, by one that sends on it, too. */
export const SERIAL_CHECKS: ChecksTo<CheckedLine & { readonly discardEcho: boolean }> = {
  ...LINE_CHECKS,
  discardEcho: withDefault(checkBoolean, false),
};

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

/** @returns undefined for a port that is not reopened. */
function checkReconnect(reconnect: unknown = {}, path: Path): Complete<ReconnectOptions> | undefined {
  if (reconnect === false) return undefined;
  const { initialDelay, maxDelay = Math.max(10_000, initialDelay), atStart } = checkOptions(reconnect, RECONNECT, path);
  return { initialDelay, maxDelay, atStart };
}

/** What the options of a line leave open. */
export interface LineDefaults {
  readonly dataBits: 7 | 8;
  /** Bytes that may wait to be sent. */
  readonly unsentBytes: number;
}

/** The path of a line, or the name of its port. */
export function lineName({ path, port }: CheckedLine): string {
  return path ?? port?.path ?? 'serial port';
}

/** The user's own port, or how to open one. */
export function lineSource(line: CheckedLine, defaults: LineDefaults): LineSettings | { readonly port: Port } {
  if (line.port !== undefined) return { port: line.port };
  return { path: lineName(line), ...portSettings(line, defaults.dataBits), highWaterMark: defaults.unsentBytes };
}

/** The settings of a port, with the defaults filled in (SL, clause 2.5.1). */
export function portSettings(
  line: Pick<LineSource, 'baudRate' | 'dataBits' | 'parity' | 'stopBits'>,
  defaultBits: 7 | 8,
): PortSettings {
  const { baudRate = 19_200, parity = 'even', dataBits = defaultBits } = line;
  const { stopBits = parity === 'none' ? 2 : 1 } = line;
  return { baudRate, dataBits, parity, stopBits };
}

/** Duration of a character in milliseconds, including the start bit (SL, clause 2.5.1). */
export function characterTime({ baudRate, dataBits, parity, stopBits }: LineSettings): number {
  return (1000 * (1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits)) / baudRate;
}
