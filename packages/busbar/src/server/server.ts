import { type CheckedPolicy, createAuthorization } from '../access/roles.js';
import { checkChoice, checkString } from '../checks.js';
import type { ServerCounters } from '../counters.js';
import type { Unit } from '../data/unit.js';
import { Emitter, type EventMap, emitError, tell } from '../emit.js';
import { asError, ConnectionError } from '../errors.js';
import type { Framing } from '../framing/framing.js';
import type { DiagnosticEvent } from '../functions/transaction.js';
import { Lifecycle } from '../lifecycle.js';
import type { Peer } from '../peer.js';
import type { Transport } from '../transport/transport.js';
import type { ConnectedClient } from './connected-client.js';
import type { ReplyDurations } from './durations.js';
import type { ServerEvents } from './events.js';
import { type CheckedServerOptions, sweepPeriod } from './options.js';
import type { DeniedEvent } from './policy.js';
import { Reception, type ReceptionOptions } from './reception.js';
import type { ReplyCount } from './reply-tally.js';
import { createService, type Service } from './service.js';
import type { Served } from './sessions.js';
import { ServerUnits } from './units.js';

export interface ListenOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What a kind of server is made of, beside its options. */
export interface ServerParts<Address, Events extends EventMap<Events>> extends Partial<ReceptionOptions> {
  readonly framing: Framing;
  readonly transport: Transport<Address, Events>;
  readonly policy?: CheckedPolicy<Unit> | undefined;
}

/**
 * A Modbus server over some transport: its life, its connections and their limits. As a type it stands for a server of
 * any kind; `Address` is what `address()` tells, `Events` are those that not all servers have.
 */
export class ModbusServer<Address = unknown, Events extends EventMap<Events> = Record<never, never>> extends Emitter<
  ServerEvents & Events
> {
  /** The units that it serves. They may come and go while it runs. */
  readonly units: ServerUnits;
  readonly #service: Service;
  readonly #transport: Transport<Address, Events>;
  readonly #reception: Reception;
  readonly #life = new Lifecycle();
  #sweep: NodeJS.Timeout | undefined;

  /** @internal */
  protected constructor(options: CheckedServerOptions, parts: ServerParts<Address, Events>) {
    super();
    const { framing, transport, policy = {}, line, refuseServers = false } = parts;
    const authorize = createAuthorization(policy, {
      denied: (event) => this.#denied(event),
      failed: (error) => this.#service.faults.report(error),
    });
    const audit = {
      report: (error: Error) => this.#report(error),
      diagnosed: (event: DiagnosticEvent) => this.#diagnosed(event),
    };
    this.#service = createService(this, { ...options, authorize }, framing, audit);
    this.units = new ServerUnits(this.#service.destinations);
    const program = {
      tell: <E extends keyof ServerEvents>(event: E, ...details: ServerEvents[E]) => this.#tell(event, ...details),
      report: (error: Error) => this.#report(error),
      pass: (event: string, details: unknown[]) => this.#pass(event, details),
      ended: () => void this.close(),
    };
    this.#reception = new Reception(this.#service, program, { line, refuseServers });
    this.#transport = transport;
  }

  get listening(): boolean {
    return this.#life.state === 'listening';
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#reception.sessions.size;
  }

  /** Who is connected, longest first; over UDP those whose requests are being carried out. */
  peers(): Peer[] {
    return this.#reception.sessions.all().map(({ peer }) => peer);
  }

  /** The same with how much they have asked; over UDP there are no connections, and a serial line is one. */
  clients(): Readonly<ConnectedClient>[] {
    return this.#reception.sessions.all().flatMap(({ client }) => client ?? []);
  }

  /**
   * Cuts the connections of some clients at once, without answers to what is in progress. They may connect again. Not
   * for a serial line, which is closed as a whole.
   * @param which is asked for each client.
   * @param reason for the `disconnect` event, whose error has the code `DISCONNECTED`.
   * @returns how many connections were cut.
   */
  disconnect(which: (peer: Peer) => boolean, reason = 'the program disconnected the client'): number {
    const chosen = checkChoice(which, ['which']);
    const error = new ConnectionError('DISCONNECTED', checkString(reason, ['reason']));
    return this.#reception.sessions.cut((peer) => (chosen(peer) ? error : undefined));
  }

  /** What the server has counted since it was made. */
  get counters(): Readonly<ServerCounters> {
    return this.#service.counters;
  }

  /** The replies among `counters`, by function and exception: those that have occurred. */
  get replyCounts(): readonly ReplyCount[] {
    return this.#service.tally.list();
  }

  /**
   * Measures how long replies take, from the first call on. @returns what it has measured until now. Measuring costs
   * two looks at the clock for all requests that come in one piece.
   */
  measureDurations(): ReplyDurations {
    const { durations } = this.#service.outputs;
    durations.on = true;
    const { bounds, counts, sum } = durations;
    return { bounds, counts: [...counts], sum };
  }

  /** Units that clients have put into listen-only mode on this server (08/04). */
  get listenOnly(): Unit[] {
    return this.#service.destinations.units.filter(({ diagnostics }) => diagnostics.listenOnly).map(({ unit }) => unit);
  }

  /** Ends listen-only mode of a unit, or of all, on this server. Counters and event log stay as they are. */
  endListenOnly(unit?: Unit): void {
    for (const served of this.#service.destinations.units) {
      if (unit === undefined || served.unit === unit) served.diagnostics.listenOnly = false;
    }
  }

  /** Where it listens; null while it doesn't. */
  address(): Address | null {
    return this.#transport.address();
  }

  /**
   * Starts to listen; resolves when clients can connect.
   * @param options.signal closes the server when it is aborted, and ends a start under way.
   * @throws ListenError with the system's code (`EADDRINUSE`, `EACCES`, …), StateError `ALREADY_LISTENING`, the
   * signal's reason.
   */
  async listen({ signal }: ListenOptions = {}): Promise<this> {
    signal?.throwIfAborted();
    await this.#life.open(`the server on ${this.#transport.describe()}`, () => this.#open());
    if (signal !== undefined) await this.#closeOnAbort(signal);
    this.#tell('listening');
    return this;
  }

  async #open(): Promise<void> {
    this.#reception.sessions.closing = false;
    await this.#transport.open(this.#reception);
    this.#service.destinations.attach();
    this.#startSweep();
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
    if (this.#life.state === 'closed') await this.listen(options);
    else await this.#life.opened();
    if (this.#life.state === 'closed') return;
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
    for (const session of this.#reception.sessions.all()) session.destroy(reason);
    return stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #stop(each: (session: Served) => void): Promise<void> {
    const close = async () => {
      const disconnected = this.#reception.sessions.endAll(each);
      await Promise.all([this.#transport.close(disconnected), disconnected]);
      clearInterval(this.#sweep);
      this.#service.destinations.detach();
    };
    return this.#life.close(close, () => this.#tell('close'));
  }

  #denied(event: DeniedEvent): void {
    this.#service.counters.denied++;
    this.#tell('denied', event);
  }

  #diagnosed(event: DiagnosticEvent): void {
    this.#service.counters.diagnosticActions++;
    this.#tell('diagnostic', event);
  }

  #startSweep(): void {
    const period = sweepPeriod(this.#service.settings.limits);
    if (period === undefined) return;
    this.#sweep = setInterval(() => {
      this.#reception.sessions.checkTimeouts(Math.trunc(performance.now()));
    }, period).unref();
  }

  #tell<E extends keyof ServerEvents>(event: E, ...details: ServerEvents[E]): void {
    this.#pass(event, details);
  }

  /** @returns whether anybody listens. */
  #pass(event: string, details: unknown[]): boolean {
    const isHeard = tell(this, event, details);
    if (event === 'warning' && !isHeard) for (const warning of details) process.emitWarning(asError(warning));
    return isHeard;
  }

  #report(error: Error): void {
    emitError(this, error);
  }
}
