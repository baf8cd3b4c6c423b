import { once } from 'node:events';
import type { Complete } from '../../checks.js';
import type { ListenErrorCode } from '../../error-codes.js';
import { ListenError } from '../../errors.js';
import type { Transport, TransportHost } from '../transport.js';
import { type LineOptions, SerialLine } from './line.js';
import { closePort, openError, openPort } from './open.js';
import {
  type CheckedLine,
  characterTime,
  type LineDefaults,
  type LineSettings,
  lineName,
  lineSource,
  type Port,
  type ReconnectOptions,
} from './options.js';
import { keepPolling } from './poller.js';
import { setRts } from './sender.js';

/** Events of a port that can be lost. */
export interface PortEvents {
  /** The port is gone, perhaps unplugged; `reopening` says whether it is opened again, or its user ends. */
  portLost: [event: { readonly path: string; readonly error: Error | undefined; readonly reopening: boolean }];
  /** The port can't be opened yet, and `error` says why; it is still waited for. Another reason is told of, too. */
  portAwaited: [event: { readonly path: string; readonly error: ListenError }];
  /** The port that was lost or awaited is open. */
  portOpened: [event: { readonly path: string }];
}

type Host = Pick<TransportHost<PortEvents>, 'connect' | 'ended' | 'tell'>;

/** Errors of a port that may be available later. Waiting does not fix any other error. */
const PASSING: readonly ListenErrorCode[] = ['ENOENT', 'ENODEV', 'EIO', 'EBUSY', 'EACCES'];

/** An open port, and how to release it. */
interface Opened {
  readonly port: Port;
  release(): Promise<void>;
}

/** One port: reopens it whenever it is lost, and waits for it if it is missing. */
export class SerialTransport implements Transport<string, PortEvents> {
  /** Milliseconds that a character takes; undefined where somebody else has opened the port, and knows its settings. */
  readonly characterTime: number | undefined;
  readonly #path: string;
  /** A port to open, or one that the user has opened. */
  readonly #source: LineSettings | { readonly port: Port };
  readonly #line: LineOptions;
  /** Undefined: a lost port is not reopened. */
  readonly #reconnect: Complete<ReconnectOptions> | undefined;
  #host: Host | undefined;
  #open: SerialLine | undefined;
  #retry: NodeJS.Timeout | undefined;
  #attempt: Promise<void> | undefined;
  /** The error code that keeps the port from being opened. */
  #obstacle: string | undefined;

  constructor(options: CheckedLine & { readonly discardEcho?: boolean }, defaults: LineDefaults) {
    const { port, rts, reconnect, discardEcho = false } = options;
    this.#path = lineName(options);
    this.#source = lineSource(options, defaults);
    this.characterTime = 'port' in this.#source ? undefined : characterTime(this.#source);
    const peer = { transport: 'serial', address: this.#path };
    this.#line = { peer, discardEcho, rts, maxUnsent: defaults.unsentBytes };
    this.#reconnect = port === undefined ? reconnect : undefined;
  }

  async open(host: Host): Promise<void> {
    try {
      const opened = await this.#openPort();
      this.#host = host;
      this.#serve(host, opened);
    } catch (error) {
      this.#await(host, error);
    }
  }

  /** Waits for a port that is missing at the start. */
  #await(host: Host, error: unknown): void {
    const reconnect = this.#reconnect;
    if (!reconnect?.atStart || !(error instanceof ListenError) || !PASSING.includes(error.code)) throw error;
    this.#host = host;
    this.#obstacle = error.code;
    host.tell('portAwaited', { path: this.#path, error });
    this.#retryAfter(reconnect.initialDelay, reconnect.maxDelay);
  }

  async close(): Promise<void> {
    this.#host = undefined;
    clearTimeout(this.#retry);
    await this.#attempt;
    await this.#open?.left;
  }

  address(): string | null {
    return this.#host === undefined ? null : this.#path;
  }

  describe(): string {
    return this.#path;
  }

  async #openPort(): Promise<Opened> {
    const [source, { rts }] = [this.#source, this.#line];
    const opened = 'port' in source ? await takePort(source.port, this.#path) : await openOwnPort(source);
    if (rts !== undefined) await this.#listenOnly(opened, rts.active === 'low');
    return opened;
  }

  /** Until something is sent, the adapter receives. */
  async #listenOnly({ port, release }: Opened, level: boolean): Promise<void> {
    try {
      await setRts(port, level);
    } catch (error) {
      await release();
      const { message } = error as Error;
      throw new ListenError('RTS_FAILED', `${this.#path} cannot set RTS: ${message}`, { cause: error });
    }
  }

  #serve(host: Host, { port, release }: Opened): void {
    this.#open = new SerialLine(host, port, this.#line, release);
    void this.#open.left.then((reason) => this.#lost(host, reason));
  }

  #lost(host: Host, error: Error | undefined): void {
    const reconnect = this.#reconnect;
    if (this.#host === undefined) return;
    this.#obstacle = undefined;
    host.tell('portLost', { path: this.#path, error, reopening: reconnect !== undefined });
    if (reconnect === undefined) host.ended();
    else this.#retryAfter(reconnect.initialDelay, reconnect.maxDelay);
  }

  #retryAfter(delay: number, maxDelay: number): void {
    // A listener of `portLost` may have closed the server.
    if (this.#host === undefined) return;
    this.#retry = setTimeout(() => {
      this.#attempt = this.#reopen(() => this.#retryAfter(Math.min(2 * delay, maxDelay), maxDelay));
    }, delay);
  }

  async #reopen(failed: () => void): Promise<void> {
    try {
      const opened = await this.#openPort();
      const host = this.#host;
      if (host === undefined) return opened.release();
      this.#serve(host, opened);
      host.tell('portOpened', { path: this.#path });
    } catch (error) {
      this.#tellObstacle(error);
      failed();
    }
  }

  /** Reports only a new obstacle, such as a port that is there now but isn't permitted. */
  #tellObstacle(error: unknown): void {
    if (!(error instanceof ListenError)) return;
    const before = this.#obstacle;
    this.#obstacle = error.code;
    if (before === undefined || before === error.code) return;
    this.#host?.tell('portAwaited', { path: this.#path, error });
  }
}

async function openOwnPort(settings: LineSettings): Promise<Opened> {
  const port = await openPort(settings);
  // A write that was interrupted by the loss fails after the port does.
  port.on('error', () => undefined);
  return { port, release: () => closePort(port) };
}

/** Waits for a port that is being opened. */
async function takePort(port: Port, path: string): Promise<Opened> {
  if (port.opening === true) {
    await once(port, 'open').catch((error: Error) => {
      throw openError(error, path);
    });
  }
  if (port.isOpen === false || port.destroyed) {
    throw new ListenError('PORT_CLOSED', 'the port that the server was given is not open');
  }
  keepPolling(port);
  return {
    port,
    release: async () => {
      port.pause();
    },
  };
}
