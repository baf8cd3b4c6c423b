import { once } from 'node:events';
import type { ListenErrorCode } from '../../error-codes.js';
import { ListenError } from '../../errors.js';
import type { Transport } from '../transport.js';
import { type LineHost, type LineOptions, type Loss, SerialLine } from './line.js';
import { closePort, openError, openPort } from './open.js';
import type { LineSettings, Port, ReconnectOptions } from './options.js';
import { keepPolling } from './poller.js';
import { setRts } from './sender.js';

export interface SerialSettings {
  readonly path: string;
  /** A port to open, or one that the user has opened. */
  readonly source: LineSettings | { readonly port: Port };
  readonly line: LineOptions;
  /** Undefined: a lost port is not reopened. */
  readonly reconnect: Required<ReconnectOptions> | undefined;
}

/** Errors of a port that may be available later. Waiting does not fix any other error. */
const PASSING: readonly ListenErrorCode[] = ['ENOENT', 'ENODEV', 'EIO', 'EBUSY', 'EACCES'];

/** An open port, and how to release it. */
interface Opened {
  readonly port: Port;
  release(): Promise<void>;
}

/** One port: reopens it whenever it is lost, and waits for it if it is missing. */
export class SerialTransport implements Transport<string> {
  /** The port is lost for good. */
  onEnd: () => void = () => undefined;
  readonly #settings: SerialSettings;
  #host: LineHost | undefined;
  #line: SerialLine | undefined;
  #retry: NodeJS.Timeout | undefined;
  #attempt: Promise<void> | undefined;
  /** The error code that keeps the port from being opened. */
  #obstacle: string | undefined;

  constructor(settings: SerialSettings) {
    this.#settings = settings;
  }

  async open(host: LineHost): Promise<void> {
    try {
      const opened = await this.#openPort();
      this.#host = host;
      this.#serve(host, opened);
    } catch (error) {
      this.#await(host, error);
    }
  }

  /** Waits for a port that is missing at the start. */
  #await(host: LineHost, error: unknown): void {
    const { path, reconnect } = this.#settings;
    if (!reconnect?.atStart || !(error instanceof ListenError) || !PASSING.includes(error.code)) throw error;
    this.#host = host;
    this.#obstacle = error.code;
    host.portAwaited({ path, error });
    this.#retryAfter(reconnect.initialDelay, reconnect.maxDelay);
  }

  async close(): Promise<void> {
    this.#host = undefined;
    clearTimeout(this.#retry);
    await this.#attempt;
    await this.#line?.left;
  }

  address(): string | null {
    return this.#host === undefined ? null : this.#settings.path;
  }

  describe(): string {
    return this.#settings.path;
  }

  async #openPort(): Promise<Opened> {
    const { path, source, line } = this.#settings;
    const opened = 'port' in source ? await takePort(source.port, path) : await openOwnPort(source);
    if (line.rts !== undefined) await this.#listenOnly(opened, line.rts.active === 'low');
    return opened;
  }

  /** Until something is sent, the adapter receives. */
  async #listenOnly({ port, release }: Opened, level: boolean): Promise<void> {
    try {
      await setRts(port, level);
    } catch (error) {
      await release();
      const { message } = error as Error;
      throw new ListenError('RTS_FAILED', `${this.#settings.path} cannot set RTS: ${message}`, { cause: error });
    }
  }

  #serve(host: LineHost, { port, release }: Opened): void {
    this.#line = new SerialLine(host, port, this.#settings.line, release);
    void this.#line.left.then((loss) => {
      if (loss !== undefined) this.#lost(host, loss);
    });
  }

  #lost(host: LineHost, { error }: Loss): void {
    const { path, reconnect } = this.#settings;
    if (this.#host === undefined) return;
    this.#obstacle = undefined;
    host.portLost({ path, error, reopening: reconnect !== undefined });
    if (reconnect === undefined) this.onEnd();
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
      host.portOpened({ path: this.#settings.path });
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
    this.#host?.portAwaited({ path: this.#settings.path, error });
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
