import type { UnitCounters } from '../data/diagnostics.js';
import type { FileWriteEvent } from '../data/files.js';
import type { Client, WriteEvent } from '../data/request.js';
import { copiesOf, shareUnit, unshareUnit } from '../data/shared-unit.js';
import { device, type Unit } from '../data/unit.js';
import { OptionsError } from '../errors.js';
import { checkFunction, show } from '../options.js';
import type { ServerCounters } from '../server/counters.js';
import type { NumberedClient, ServerStart, ThreadCode, WriteData } from './protocol.js';
import { ServerThread } from './server-thread.js';

/** A client's write to coils or holding registers, or (`table` is `files`) to records of a file. */
export type SyncWrite = WriteEvent | (FileWriteEvent & { readonly table: 'files' });

/** Servers that run. */
export const running = new Set<SyncServer<unknown>>();

/**
 * A server on a thread of its own, for a program that computes or blocks. It serves the memory of the program's units, which the
 * program goes on using as usual. All methods are synchronous.
 */
export class SyncServer<Address> {
  readonly #thread: ServerThread;
  readonly #units: ReadonlyMap<number, Unit>;
  readonly #detach: (() => void)[];
  readonly #address: Address;
  #lastCounters: ServerCounters | undefined;

  /** @internal */
  constructor(server: ServerStart, units: readonly Unit[], code: ThreadCode) {
    this.#units = new Map(units.map((unit) => [unit.id, unit]));
    this.#thread = new ServerThread(server, units.map(shareUnit), code);
    this.#detach = units.map((unit) => attach(unit, this.#thread));
    try {
      this.#address = this.#thread.started() as Address;
    } catch (error) {
      this.#release();
      throw error;
    }
    running.add(this);
  }

  get listening(): boolean {
    return this.#thread.running;
  }

  /** Where it listens; null after it has ended. */
  address(): Address | null {
    return this.listening ? this.#address : null;
  }

  /** What the server has counted; after `stop()` the last there was. Asks the server's thread. */
  get counters(): Readonly<ServerCounters> {
    return this.#lastCounters ?? this.#thread.call({ kind: 'counters' });
  }

  /** Who is connected, longest first. Asks the server's thread. */
  clients(): Client[] {
    return this.#clients().map(({ client }) => client);
  }

  /** Cuts the connections of some clients, as an asynchronous server does. @returns how many. */
  disconnect(which: (client: Client) => boolean, reason?: string): number {
    checkFunction(which, ['which']);
    const chosen = this.#clients().filter(({ client }) => which(client));
    const clients = chosen.map(({ number }) => number);
    return clients.length === 0 ? 0 : this.#thread.call({ kind: 'disconnect', clients, reason });
  }

  #clients(): NumberedClient[] {
    return this.listening ? this.#thread.call({ kind: 'clients' }) : [];
  }

  /** Units that clients have put into listen-only mode on this server (08/04): they answer nobody here. */
  get listenOnly(): Unit[] {
    const ids = this.listening ? this.#thread.call({ kind: 'listenOnly' }) : [];
    return [...this.#units.values()].filter(({ id }) => ids.includes(id));
  }

  /** Ends listen-only mode of a unit, or of all, on this server. */
  endListenOnly(unit?: Unit): void {
    this.#thread.call({ kind: 'endListenOnly', unit: unit?.id });
  }

  /**
   * Blocks until a client has written, and takes that write.
   * @param timeout in milliseconds; without one it waits as long as it takes.
   * @returns the oldest write that was not taken yet; undefined if there was none in time.
   * @throws StateError if the server was stopped or has ended by a fault.
   */
  waitForWrite(timeout = Number.POSITIVE_INFINITY): SyncWrite | undefined {
    if (typeof timeout !== 'number' || !(timeout >= 0)) {
      throw new OptionsError(['timeout'], `expected milliseconds, found ${show(timeout)}`);
    }
    const write = this.#thread.nextWrite(timeout);
    return write && this.#withUnit(write);
  }

  /**
   * Takes all writes that were not taken yet, oldest first, without waiting.
   * @returns `dropped`: the writes since the last call that are not told because 1000 were waiting to be taken. Their values are in
   * the tables.
   */
  takeWrites(): { events: SyncWrite[]; dropped: number } {
    const { writes, dropped } = this.#thread.takeWrites();
    return { events: writes.map((write) => this.#withUnit(write)), dropped };
  }

  /** The same for what an asynchronous server tells by its `error` event. */
  takeErrors(): { errors: Error[]; dropped: number } {
    return this.#thread.takeErrors();
  }

  /** Accepts no more connections, answers what is in progress, closes, and returns when all that is done. */
  stop(): void {
    if (!running.delete(this)) return;
    try {
      this.#lastCounters = this.#thread.stop();
    } finally {
      this.#release();
    }
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #release(): void {
    this.#thread.end();
    for (const detach of this.#detach) detach();
  }

  #withUnit(write: WriteData): SyncWrite {
    const unit = this.#units.get(write.unit);
    if (unit === undefined) throw new TypeError(`a write to unit ${write.unit}, which there is not`);
    return { ...write, unit };
  }
}

/** Has the server's thread follow what the program changes, and the unit's counters include the server's. @returns the way back. */
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
