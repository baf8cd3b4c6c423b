import { EventEmitter } from 'node:events';
import type { Client } from '../data/request.js';
import { emitSafely } from '../emit.js';
import { asError, type BusbarError, ConnectionError, ListenError, StateError } from '../errors.js';
import type { Framing } from '../framing/framing.js';
import { ServerCore } from './core.js';
import type { ServerCounters } from './counters.js';
import type { ServerOptions } from './options.js';
import { type Link, Session } from './session.js';

/** Events of a server. Listeners that throw do no harm: what they threw is an `error` event. */
export interface ServerEvents {
  /** It accepts connections. */
  listening: [];
  connect: [event: { readonly client: Client }];
  /** `error` says why, unless the peer closed in good order. */
  disconnect: [event: { readonly client: Client; readonly error: Error | undefined }];
  /**
   * Something went wrong that the program should know of: a handler failed, or the listener itself. The server goes on. Without a
   * listener it is a process warning.
   */
  error: [error: Error];
  /** It has ended: nothing is open any more. */
  close: [];
}

/** How a server's connections come to be. */
export interface Transport<Address> {
  /** Starts to accept connections, and hands them to `host`. Rejects with the system's error. */
  open(host: TransportHost): Promise<void>;
  /** Accepts no more; resolves when nothing it owns is open. */
  close(): Promise<void>;
  /** Where it listens; null while it doesn't. */
  address(): Address | null;
  /** For messages: where it listens or would. */
  describe(): string;
}

/** What a transport can do with its server. */
export interface TransportHost {
  /** A new connection. @returns undefined if the connection limit leaves no room for it: close it. */
  connect(link: Link): Session | undefined;
  /** The connection is closed. */
  disconnect(session: Session, error: Error | undefined): void;
  /** The transport itself has failed, though not for good. */
  fail(error: Error): void;
}

type State = 'closed' | 'opening' | 'listening' | 'closing';

const MAX_SWEEP_MS = 1000;
const MIN_SWEEP_MS = 5;

/** A Modbus server over some transport: its life, its connections and their limits. */
export class ModbusServer<Address> extends EventEmitter<ServerEvents> {
  readonly #core: ServerCore;
  readonly #framing: Framing;
  readonly #transport: Transport<Address>;
  readonly #sessions = new Set<Session>();
  #state: State = 'closed';
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #allDisconnected: (() => void) | undefined;
  #sweep: NodeJS.Timeout | undefined;

  /** @internal */
  protected constructor(options: ServerOptions, framing: Framing, transport: Transport<Address>) {
    super();
    this.#framing = framing;
    this.#core = new ServerCore(options, framing, (error) => this.#report(error));
    this.#transport = transport;
  }

  get listening(): boolean {
    return this.#state === 'listening';
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sessions.size;
  }

  /** What the server has counted since it was made. */
  get counters(): Readonly<ServerCounters> {
    return this.#core.counters;
  }

  /** Where it listens; null while it doesn't. */
  address(): Address | null {
    return this.#transport.address();
  }

  /**
   * Starts to listen; resolves when clients can connect.
   * @throws ListenError with the system's code (`EADDRINUSE`, `EACCES`, …), StateError `ALREADY_LISTENING`.
   */
  async listen(): Promise<this> {
    if (this.#state !== 'closed') {
      throw new StateError(
        'ALREADY_LISTENING',
        `the server on ${this.#transport.describe()} is ${this.#state} already`,
      );
    }
    this.#state = 'opening';
    this.#opening = this.#transport.open(this.#host());
    try {
      await this.#opening;
    } catch (error) {
      this.#state = 'closed';
      throw listenError(error, this.#transport.describe());
    }
    this.#core.attach();
    this.#startSweep();
    this.#state = 'listening';
    this.#tell('listening');
    return this;
  }

  /** Listens, unless it does already; resolves when the server has ended. */
  async serveForever(): Promise<void> {
    if (this.#state === 'closed') await this.listen();
    await new Promise<void>((resolve) => {
      this.once('close', resolve);
    });
  }

  /** Accepts no more connections, answers what is in progress, closes. Does nothing if it isn't listening. */
  close(): Promise<void> {
    const reason = new ConnectionError('SERVER_CLOSED', 'the server was closed');
    return this.#stop((session) => session.close(reason));
  }

  /** Like `close()`, but cuts the connections at once, also while a `close()` is under way. */
  shutdown(): Promise<void> {
    const reason = new ConnectionError('SERVER_CLOSED', 'the server was shut down');
    const stopped = this.#stop((session) => session.destroy(reason));
    for (const session of [...this.#sessions]) session.destroy(reason);
    return stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #stop(each: (session: Session) => void): Promise<void> {
    // A listen under way comes to its end first, be it a good or a bad one.
    if (this.#state === 'opening') await this.#opening?.then(nextTurn, nextTurn);
    if (this.#state === 'listening') {
      this.#state = 'closing';
      this.#closing = Promise.all([this.#transport.close(), this.#disconnectAll(each)]).then(() => this.#stopped());
    }
    await this.#closing;
  }

  /** Resolves when the last connection is gone. */
  #disconnectAll(each: (session: Session) => void): Promise<void> {
    if (this.#sessions.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#allDisconnected = resolve;
      for (const session of [...this.#sessions]) each(session);
    });
  }

  #stopped(): void {
    clearInterval(this.#sweep);
    this.#core.detach();
    this.#state = 'closed';
    this.#closing = undefined;
    this.#tell('close');
  }

  #host(): TransportHost {
    return {
      connect: (link) => this.#connect(link),
      disconnect: (session, error) => this.#disconnect(session, error),
      fail: (error) => this.#report(error),
    };
  }

  #connect(link: Link): Session | undefined {
    const { counters, settings } = this.#core;
    if (this.#state === 'closing' || (this.#sessions.size >= settings.limits.connections && !this.#evict())) {
      counters.connectionsRefused++;
      return undefined;
    }
    counters.connectionsAccepted++;
    const session = new Session(this.#core, this.#framing, link);
    this.#sessions.add(session);
    this.#tell('connect', { client: link.client });
    return session;
  }

  /** Closes the oldest unused connection outside the priority pool (TG, clause 4.2.1). */
  #evict(): boolean {
    const { priorityClients } = this.#core.settings;
    let oldest: Session | undefined;
    for (const session of this.#sessions) {
      if (!session.unused || priorityClients.has(session.client.address ?? '')) continue;
      if (oldest === undefined || session.lastRequest < oldest.lastRequest) oldest = session;
    }
    if (oldest === undefined) return false;
    this.#core.counters.connectionsEvicted++;
    this.#sessions.delete(oldest);
    oldest.destroy(new ConnectionError('CONNECTION_LIMIT', 'closed for a new connection, as the longest unused one'));
    return true;
  }

  #disconnect(session: Session, error: Error | undefined): void {
    session.closed();
    this.#sessions.delete(session);
    this.#tell('disconnect', { client: session.client, error: session.closeReason ?? error });
    if (this.#sessions.size === 0) this.#allDisconnected?.();
  }

  #startSweep(): void {
    const { frameTimeout, idleTimeout, closeTimeout } = this.#core.settings.limits;
    const shortest = Math.min(...[frameTimeout, idleTimeout, closeTimeout].filter((time) => time > 0));
    if (shortest === Number.POSITIVE_INFINITY) return;
    const period = Math.min(MAX_SWEEP_MS, Math.max(MIN_SWEEP_MS, shortest / 4));
    this.#sweep = setInterval(() => {
      const now = performance.now();
      for (const session of this.#sessions) session.checkTimeouts(now);
    }, period).unref();
  }

  #tell<E extends keyof ServerEvents>(event: E, ...details: ServerEvents[E]): void {
    emitSafely(this, event, details, (thrown) => this.#report(asError(thrown)));
  }

  #report(error: Error): void {
    const warn = (thrown: unknown) => process.emitWarning(asError(thrown));
    if (this.listenerCount('error') > 0) emitSafely(this, 'error', [error], warn);
    else warn(error);
  }
}

/** Lets what awaits the same promise go first. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; stop the program that has it, or choose another port',
  EACCES: 'not permitted; ports below 1024 need privileges, so choose a higher port or grant them',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
};

function listenError(error: unknown, where: string): BusbarError {
  const { code = 'LISTEN_FAILED', message = String(error) } = error as { code?: string; message?: string };
  return new ListenError(code, `can not listen on ${where}: ${ADVICE[code] ?? message} (${code})`, { cause: error });
}
