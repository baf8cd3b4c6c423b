import { EventEmitter } from 'node:events';
import type { DiagnosticEvent } from '../data/diagnostics.js';
import type { Client } from '../data/request.js';
import type { Unit } from '../data/unit.js';
import { emitError, emitSafely } from '../emit.js';
import { asError, BusbarError, ConnectionError, StateError } from '../errors.js';
import type { Framing } from '../framing/framing.js';
import { checkFunction, checkString, checkSynchronous } from '../options.js';
import { admit } from './admission.js';
import { ServerCore } from './core.js';
import type { ServerCounters } from './counters.js';
import { Datagram } from './datagram.js';
import { EchoGuard } from './echo-guard.js';
import type { CertificateExpiresEvent, ServerEvents } from './events.js';
import type { Link } from './link.js';
import { listenError } from './listen-error.js';
import { type ServerOptions, sweepPeriod } from './options.js';
import { PeerSocket } from './peer-socket.js';
import { type AccessPolicy, createAuthorization, type DeniedEvent } from './roles.js';
import { Session } from './session.js';
import { type Served, Sessions } from './sessions.js';
import type { Transport, TransportHost } from './transport.js';
import { ServerUnits } from './units.js';

export interface ListenOptions {
  readonly signal?: AbortSignal;
}

type State = 'closed' | 'opening' | 'listening' | 'closing';

/**
 * A Modbus server over some transport: its life, its connections and their limits. As a type it stands for a server of any kind;
 * `Address` is what `address()` tells.
 */
export class ModbusServer<Address = unknown> extends EventEmitter<ServerEvents> {
  /** The units that it serves. They may come and go while it runs. */
  readonly units: ServerUnits;
  readonly #core: ServerCore;
  readonly #transport: Transport<Address>;
  readonly #sessions = new Sessions();
  #state: State = 'closed';
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #sweep: NodeJS.Timeout | undefined;
  /** From the first datagram on. */
  #echoes: EchoGuard | undefined;
  /** Of a transport without connections. */
  #socket: PeerSocket | undefined;

  /** @internal */
  protected constructor(
    options: ServerOptions,
    framing: Framing,
    transport: Transport<Address>,
    policy: AccessPolicy = {},
  ) {
    super();
    const authorize = createAuthorization(policy, {
      denied: (event) => this.#denied(event),
      failed: (error) => this.#core.dispatcher.report(error),
    });
    const audit = {
      report: (error: Error) => this.#report(error),
      diagnosed: (event: DiagnosticEvent) => this.#diagnosed(event),
    };
    this.#core = new ServerCore(this, options, framing, audit, authorize);
    this.units = new ServerUnits(this.#core.stations);
    this.#transport = transport;
  }

  get listening(): boolean {
    return this.#state === 'listening';
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sessions.size;
  }

  /** Who is connected, longest first; over UDP those whose requests are being carried out. */
  clients(): Client[] {
    return this.#sessions.all().map(({ client }) => client);
  }

  /**
   * Cuts the connections of some clients at once, without answers to what is in progress. They may connect again. Not for a serial
   * line, which is closed as a whole.
   * @param which is asked for each client.
   * @param reason for the `disconnect` event, whose error has the code `DISCONNECTED`.
   * @returns how many connections were cut.
   */
  disconnect(which: (client: Client) => boolean, reason = 'the program disconnected the client'): number {
    checkFunction(which, ['which']);
    checkSynchronous(which, ['which']);
    const error = new ConnectionError('DISCONNECTED', checkString(reason, ['reason']));
    return this.#sessions.cut((client) => (which(client) ? error : undefined));
  }

  /** What the server has counted since it was made. */
  get counters(): Readonly<ServerCounters> {
    return this.#core.counters;
  }

  /** Units that clients have put into listen-only mode on this server (08/04): they answer nobody here. */
  get listenOnly(): Unit[] {
    return this.#core.stations.all.filter(({ diagnostics }) => diagnostics.listenOnly).map(({ unit }) => unit);
  }

  /** Ends listen-only mode of a unit, or of all, on this server. Counters and event log stay as they are. */
  endListenOnly(unit?: Unit): void {
    for (const station of this.#core.stations.all) {
      if (unit === undefined || station.unit === unit) station.diagnostics.listenOnly = false;
    }
  }

  /** Where it listens; null while it doesn't. */
  address(): Address | null {
    return this.#transport.address();
  }

  /**
   * Starts to listen; resolves when clients can connect.
   * @param options.signal closes the server when it is aborted, and ends a start under way.
   * @throws ListenError with the system's code (`EADDRINUSE`, `EACCES`, …), StateError `ALREADY_LISTENING`, the signal's reason.
   */
  async listen({ signal }: ListenOptions = {}): Promise<this> {
    signal?.throwIfAborted();
    if (this.#state !== 'closed') {
      throw new StateError(
        'ALREADY_LISTENING',
        `the server on ${this.#transport.describe()} was asked to listen while it is ${this.#state}`,
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
    this.#core.stations.attach();
    this.#startSweep();
    this.#state = 'listening';
    if (signal !== undefined) await this.#closeOnAbort(signal);
    this.#tell('listening');
    return this;
  }

  async #closeOnAbort(signal: AbortSignal): Promise<void> {
    const close = () => void this.close();
    signal.addEventListener('abort', close, { once: true });
    this.once('close', () => signal.removeEventListener('abort', close));
    if (!signal.aborted) return;
    await this.close();
    signal.throwIfAborted();
  }

  /** Listens, unless it does already; resolves when the server has ended. @param options as for `listen()`. */
  async serveForever(options: ListenOptions = {}): Promise<void> {
    if (this.#state === 'closed') await this.listen(options);
    else if (this.#state === 'opening') await this.#awaitOpening();
    if (this.#state === 'closed') return;
    await new Promise<void>((resolve) => {
      this.once('close', resolve);
    });
  }

  /** Waits for a listen that somebody else has begun. */
  async #awaitOpening(): Promise<void> {
    try {
      await this.#opening?.then(nextTurn);
    } catch (error) {
      throw listenError(error, this.#transport.describe());
    }
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
    for (const session of this.#sessions.all()) session.destroy(reason);
    return stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #stop(each: (session: Served) => void): Promise<void> {
    // A listen under way comes to its end first, be it a good or a bad one.
    if (this.#state === 'opening') await this.#opening?.then(nextTurn, nextTurn);
    if (this.#state === 'listening') {
      this.#state = 'closing';
      const disconnected = this.#sessions.endAll(each);
      this.#closing = Promise.all([this.#transport.close(disconnected), disconnected]).then(() => this.#stopped());
    }
    await this.#closing;
  }

  #stopped(): void {
    clearInterval(this.#sweep);
    this.#core.stations.detach();
    this.#state = 'closed';
    this.#closing = undefined;
    this.#tell('close');
  }

  #host(): TransportHost {
    return {
      clients: () => this.clients(),
      cut: (errorFor) => this.#sessions.cut(errorFor),
      connect: (link) => this.#connect(link),
      disconnect: (session, error) => this.#disconnect(session, error),
      openSocket: (client) => this.#openSocket(client),
      closeSocket: (error) => this.#closeSocket(error),
      datagram: (bytes, client, send) => this.#datagram(bytes, client, send),
      refuseDatagram: () => {
        this.#core.counters.datagramsRefused++;
      },
      fail: (error) => this.#fail(error),
      refuse: (client, error) => this.#refuse(client, error),
      warn: (warning) => this.#warn(warning),
      descriptorShortage: () => {
        this.#core.counters.descriptorShortages++;
      },
      descriptorsExhausted: (event) => this.#tell('descriptorsExhausted', event),
      descriptorsFreed: () => this.#tell('descriptorsFreed'),
      certificatesReloaded: () => this.#tell('certificatesReloaded'),
      certificateExpires: (event) => this.#certificateExpires(event),
      portLost: (event) => this.#tell('portLost', event),
      portAwaited: (event) => this.#tell('portAwaited', event),
      portOpened: (event) => this.#tell('portOpened', event),
    };
  }

  #connect(link: Link): Session | undefined {
    const { counters, settings } = this.#core;
    if (this.#state === 'closing' || (this.#sessions.size >= settings.limits.connections && !this.#evict())) {
      counters.connectionsRefused++;
      return undefined;
    }
    counters.connectionsAccepted++;
    const session = new Session(this.#core, link);
    this.#sessions.add(session);
    admit(this.#core, session);
    this.#tell('connect', { client: link.client });
    return session;
  }

  #openSocket(client: Client): Promise<void> {
    const socket = new PeerSocket(client);
    this.#socket = socket;
    admit(this.#core, socket);
    return socket.admitted;
  }

  #closeSocket(error: Error | undefined): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.close();
    this.#core.runHook(() => socket.hooks?.disconnected?.(socket.client, error));
  }

  #fail(error: Error): void {
    const { client, hooks } = this.#socket ?? {};
    if (client !== undefined) this.#core.runHook(() => hooks?.error?.(error, client));
    this.#report(error);
  }

  #datagram(bytes: Uint8Array, client: Client, send: (reply: Uint8Array) => unknown): void {
    const isFull = this.#sessions.size >= this.#core.settings.limits.connections;
    if (this.#state === 'closing' || isFull || this.#socket?.waiting !== false) {
      this.#core.counters.framesDropped++;
      return;
    }
    const datagram = new Datagram(this.#core, {
      client,
      hooks: this.#socket.hooks,
      echoes: this.#echoGuard(),
      send,
      failed: (error) => this.#fail(error),
      done: (gone) => this.#sessions.delete(gone),
    });
    this.#sessions.add(datagram);
    datagram.receive(bytes);
  }

  #echoGuard(): EchoGuard {
    this.#echoes ??= new EchoGuard(this.#core.dispatcher.functions);
    return this.#echoes;
  }

  #forget(session: Session): void {
    session.closed();
    this.#sessions.delete(session);
  }

  /** Closes the oldest unused connection outside the priority pool (TG, clause 4.2.1). */
  #evict(): boolean {
    const { priorityClients } = this.#core.settings;
    const oldest = this.#sessions.longestUnused((client) => !priorityClients.has(client));
    if (oldest === undefined) return false;
    this.#core.counters.connectionsEvicted++;
    this.#sessions.delete(oldest);
    oldest.destroy(new ConnectionError('CONNECTION_LIMIT', 'closed for a new connection, as the longest unused one'));
    return true;
  }

  #disconnect(session: Session, error: Error | undefined): void {
    const reason = session.closeReason ?? error;
    this.#core.runHook(() => session.hooks?.disconnected?.(session.client, reason));
    this.#tell('disconnect', { client: session.client, error: reason });
    this.#forget(session);
  }

  #refuse(client: Client, error: ConnectionError): void {
    this.#core.counters.handshakesRefused++;
    this.#tell('refused', { client, error });
  }

  #denied(event: DeniedEvent): void {
    this.#core.counters.denied++;
    this.#tell('denied', event);
  }

  #diagnosed(event: DiagnosticEvent): void {
    this.#core.counters.diagnosticActions++;
    this.#tell('diagnostic', event);
  }

  #warn(warning: Error): void {
    if (this.listenerCount('warning') > 0) this.#tell('warning', warning);
    else process.emitWarning(warning);
  }

  #certificateExpires(event: CertificateExpiresEvent): void {
    if (this.listenerCount('certificateExpires') > 0) this.#tell('certificateExpires', event);
    else this.#warn(new BusbarError('CERTIFICATE_EXPIRES', event.message));
  }

  #startSweep(): void {
    const period = sweepPeriod(this.#core.settings.limits);
    if (period === undefined) return;
    this.#sweep = setInterval(() => {
      this.#sessions.checkTimeouts(Math.trunc(performance.now()));
    }, period).unref();
  }

  #tell<E extends keyof ServerEvents>(event: E, ...details: ServerEvents[E]): void {
    emitSafely(this, event, details, (thrown) => this.#report(asError(thrown)));
  }

  #report(error: Error): void {
    emitError(this, error);
  }
}

/** Lets what awaits the same promise go first. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
