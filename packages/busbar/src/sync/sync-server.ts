import { checkChoice, show } from '../checks.js';
import { ServerCounters } from '../counters.js';
import { device } from '../data/device.js';
import type { UnitCounters } from '../data/diagnostics.js';
import { requireUnbacked } from '../data/put-behind.js';
import { copiesOf, shareUnit, unshareUnit } from '../data/shared-unit.js';
import type { FileWriteEvent, Unit, WriteEvent } from '../data/unit.js';
import { OptionsError, StateError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { SyncServerHandle } from './handle.js';
import type { NumberedPeer, ServerStart, ThreadCode, WriteData } from './messages.js';
import { ServerThread } from './server-thread.js';

/** A client's write to coils or holding registers, or (`table` is `files`) to records of a file. */
export type SyncWrite = WriteEvent | (FileWriteEvent & { readonly table: 'files' });

/** The running servers. */
export const running: Set<SyncServer<unknown>> = new Set();

/**
 * A server on a separate thread, for a program that computes or blocks. It shares the memory of the program's units,
 * which the program uses as usual. All methods are synchronous.
 */
export class SyncServer<Address> {
  readonly #start: ServerStart;
  readonly #units: ReadonlyMap<number, Unit>;
  readonly #code: ThreadCode;
  #thread: ServerThread | undefined;
  #detach: (() => void)[] = [];
  #address: Address | undefined;
  #lastCounters: ServerCounters | undefined = new ServerCounters();

  /** @internal */
  constructor(server: ServerStart, units: readonly Unit[], code: ThreadCode) {
    this.#start = server;
    this.#units = new Map(units.map((unit) => [unit.id, unit]));
    this.#code = code;
  }

  /**
   * Starts a server that was created with `deferStart` or has ended; returns when it listens.
   * @throws OptionsError, ListenError as an asynchronous server; StateError `ALREADY_LISTENING`, and `UNIT_BACKED` if the
   * values of a unit are kept or shared.
   */
  listen(): this {
    if (this.listening) throw new StateError('ALREADY_LISTENING', 'the server listens already');
    if (running.delete(this)) this.#release();
    const units = [...this.#units.values()];
    for (const unit of units) requireUnbacked(unit, "a synchronous server's thread");
    const thread = new ServerThread(this.#start, units.map(shareUnit), this.#code, () => this.#tellChanges());
    this.#thread = thread;
    this.#detach = units.map((unit) => attach(unit, thread));
    try {
      this.#address = thread.started() as Address;
    } catch (error) {
      this.#release();
      this.#thread = undefined;
      throw error;
    }
    this.#lastCounters = undefined;
    running.add(this);
    return this;
  }

  /**
   * Listens, unless the server already does, and blocks until it has ended: stopped by another thread with its
   * `handle`, or by code of its module. The blocked thread runs no signal handlers.
   * @throws the errors of `listen`; StateError `SERVER_THREAD_ENDED` if a fault has ended it.
   */
  serveForever(): void {
    if (!this.listening) this.listen();
    try {
      this.#lastCounters = this.#own.waitForEnd();
    } finally {
      if (!this.listening && running.delete(this)) this.#release();
    }
  }

  /**
   * For other threads: post it to them, so that `stopServerSync` there can stop this server. @throws StateError
   * `NOT_LISTENING`.
   */
  get handle(): SyncServerHandle {
    return this.#own.handle;
  }

  get #own(): ServerThread {
    if (this.#thread !== undefined) return this.#thread;
    throw new StateError('NOT_LISTENING', 'the server does not listen yet: call listen() or serveForever()');
  }

  get listening(): boolean {
    return this.#thread?.running === true;
  }

  /** Where it listens; null while it doesn't. */
  address(): Address | null {
    return this.listening ? (this.#address ?? null) : null;
  }

  /** The server's counters; after `stop()` their last values. Asks the server's thread. */
  get counters(): Readonly<ServerCounters> {
    return this.#lastCounters ?? this.#own.call({ kind: 'counters' });
  }

  /** The connected clients, oldest connection first. Asks the server's thread. */
  peers(): Peer[] {
    return this.#peers().map(({ peer }) => peer);
  }

  /** Cuts the connections of some clients, as an asynchronous server does. @returns how many. */
  disconnect(which: (peer: Peer) => boolean, reason?: string): number {
    const isChosen = checkChoice(which, ['which']);
    const chosen = this.#peers().filter(({ peer }) => isChosen(peer));
    const peers = chosen.map(({ number }) => number);
    return peers.length === 0 ? 0 : this.#own.call({ kind: 'disconnect', peers, reason });
  }

  #peers(): NumberedPeer[] {
    return this.listening ? this.#own.call({ kind: 'peers' }) : [];
  }

  /** Units that clients have put into listen-only mode on this server (08/04). */
  get listenOnly(): Unit[] {
    const ids = this.listening ? this.#own.call({ kind: 'listenOnly' }) : [];
    return [...this.#units.values()].filter(({ id }) => ids.includes(id));
  }

  /** Ends listen-only mode of a unit, or of all, on this server. */
  endListenOnly(unit?: Unit): void {
    this.#own.call({ kind: 'endListenOnly', unit: unit?.id });
  }

  /**
   * Blocks until a client has written, and takes that write.
   * @param timeout in milliseconds; by default unlimited.
   * @returns the oldest write not yet taken; undefined if there was none in time.
   * @throws StateError if the server was stopped or has ended by a fault.
   */
  waitForWrite(timeout: number = Number.POSITIVE_INFINITY): SyncWrite | undefined {
    if (typeof timeout !== 'number' || !(timeout >= 0)) {
      throw new OptionsError(['timeout'], `expected milliseconds, found ${show(timeout)}`);
    }
    const write = this.#own.nextWrite(timeout);
    this.#tellChanges();
    return write && this.#withUnit(write);
  }

  /**
   * Takes all writes not yet taken, oldest first, without waiting.
   * @returns `dropped`: the number of writes since the last call that were not kept because 1000 were waiting. Their
   * values are in the tables.
   */
  takeWrites(): { events: SyncWrite[]; dropped: number } {
    const { writes, dropped } = this.#own.takeWrites();
    this.#tellChanges();
    return { events: writes.map((write) => this.#withUnit(write)), dropped };
  }

  /** The same for errors, which an asynchronous server reports with its `error` event. */
  takeErrors(): { errors: Error[]; dropped: number } {
    return this.#own.takeErrors();
  }

  /** Accepts no more connections, answers the requests in progress, closes, and then returns. */
  stop(): void {
    if (!running.delete(this)) return;
    try {
      this.#lastCounters = this.#own.stop();
    } finally {
      this.#release();
    }
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #release(): void {
    this.#thread?.end();
    for (const detach of this.#detach.splice(0)) detach();
    this.#tellChanges();
  }

  /** Reports the changes in the server's thread. If some found the queue full, any value may have changed. */
  #tellChanges(): void {
    const { changes, dropped } = this.#thread?.takeChanges() ?? { changes: [], dropped: 0 };
    for (const { unit, change } of changes) this.#units.get(unit)?.[device].changes.reports.relay(change);
    if (dropped > 0) for (const unit of this.#units.values()) tellAll(unit);
  }

  #withUnit(write: WriteData): SyncWrite {
    const unit = this.#units.get(write.unit);
    if (unit === undefined) throw new TypeError(`a write to unit ${write.unit}, which does not exist`);
    return { ...write, unit };
  }
}

/**
 * Passes the program's changes to the server's thread, and adds the server's counters to the unit's. @returns a
 * function that undoes this.
 */
function attach(unit: Unit, thread: ServerThread): () => void {
  const { watchers, diagnostics } = unit[device];
  const watcher = () => thread.call({ kind: 'update', unit: unit.id, copies: copiesOf(unit) });
  const traffic = {
    get counters(): UnitCounters {
      return thread.call({ kind: 'unitCounters', unit: unit.id });
    },
  };
  watchers.add(watcher);
  diagnostics.add(traffic);
  return () => {
    watchers.delete(watcher);
    diagnostics.delete(traffic);
    if (watchers.size === 0) unshareUnit(unit);
  };
}

/** Reports all values of a unit as changed. */
function tellAll(unit: Unit): void {
  const { overlaid } = unit[device];
  unit.as('unknown', () => {
    for (const table of overlaid ? [] : [unit.coils, unit.discreteInputs]) {
      for (const { start, count } of table.ranges) table.set(start, table.getRange(start, count));
    }
    const files = unit.files.numbers.map((number) => unit.files.get(number)).filter((file) => file !== undefined);
    const registers = overlaid ? [unit.holdingRegisters] : [unit.holdingRegisters, unit.inputRegisters];
    for (const table of [...registers, ...files]) {
      for (const { start, count } of table.ranges) table.set(start, table.getRange(start, count));
    }
  });
}
