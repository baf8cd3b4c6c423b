import { asError, ModbusException, StorageError } from '../errors.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import type { ChangeWriter, KeptUnit } from './kept-unit.js';
import type { CheckedStorageOptions } from './options.js';

/** Is told what becomes of the store. */
export interface StoreWatch {
  failed(error: StorageError): void;
  recovered(): void;
}

/** Waits until what has changed is on disk. */
interface Waiting {
  /** When it began, by `performance.now()`; undefined for one that has time. */
  readonly since: number | undefined;
  done(): void;
  failed(error: StorageError): void;
}

interface Batch {
  readonly units: Set<KeptUnit>;
  readonly waiting: readonly Waiting[];
}

/** Pauses before a store that has failed is tried again, in milliseconds: each is twice the one before. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** How long a small batch, or closing, may take, in milliseconds. */
export const PATIENCE = 5000;

/**
 * Puts the changes of all units into the store: all those of a moment in one batch, and one batch at a time. What comes
 * while one is under way is in the next.
 */
export class Writer implements ChangeWriter {
  readonly #options: CheckedStorageOptions;
  readonly #watch: StoreWatch;
  /** Written when nothing else is, to see whether the store works again. */
  readonly #probe: ReadonlyMap<string, Uint8Array>;
  /** Units with changes that no batch has taken. */
  #changed = new Set<KeptUnit>();
  #waiting: Waiting[] = [];
  /** Under way. */
  #batch: Batch | undefined;
  /** Why the store has failed; undefined while it works. */
  #failure: StorageError | undefined;
  /** The batch under way counts as failed, whatever becomes of it. */
  #lost = false;
  #closed = false;
  #soon = false;
  #timer: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #pause = FIRST_PAUSE;

  constructor(options: CheckedStorageOptions, probe: ReadonlyMap<string, Uint8Array>, watch: StoreWatch) {
    this.#options = options;
    this.#probe = probe;
    this.#watch = watch;
  }

  get failing(): boolean {
    return this.#failure !== undefined;
  }

  changed(unit: KeptUnit): void {
    this.#changed.add(unit);
    if (this.#timer === undefined && !this.failing && this.#batch === undefined) this.#writeIn(this.#options.interval);
  }

  requireStore(): void {
    if (this.#failure !== undefined) throw refusal(this.#failure);
  }

  committed(): Promise<void> {
    return this.#wait(performance.now(), refusal);
  }

  /** The same for the program. @throws StorageError */
  flush(): Promise<void> {
    return this.#wait(undefined, (error) => error);
  }

  /** A put is under way that counts as failed, as it has taken too long. */
  get hangs(): boolean {
    return this.#lost && this.#batch !== undefined;
  }

  /** Ids of the units with changes that are not on disk. */
  get unwritten(): readonly number[] {
    return [...new Set([...(this.#batch?.units ?? []), ...this.#changed])].map(({ unit }) => unit.id);
  }

  /** The unit is not kept any more. */
  forget(unit: KeptUnit): void {
    this.#changed.delete(unit);
    this.#batch?.units.delete(unit);
  }

  /** What has not been written by now is not any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#deadline);
    const error = new StorageError('STORE_FAILED', 'the storage has been closed');
    for (const { failed } of this.#waiting.splice(0)) failed(error);
  }

  #wait(since: number | undefined, problem: (error: StorageError) => Error): Promise<void> {
    if (this.#lost && this.#failure !== undefined) return Promise.reject(problem(this.#failure));
    if (this.#changed.size === 0 && this.#batch === undefined) return Promise.resolve();
    return new Promise((done, reject) => {
      this.#waiting.push({ since, done, failed: (error) => reject(problem(error)) });
      this.#writeSoon();
      if (since !== undefined) this.#deadline ??= this.#expireIn(this.#options.timeout);
    });
  }

  /** When what has come with the same turn of the event loop has changed memory, too. */
  #writeSoon(): void {
    if (this.#soon || this.#batch !== undefined) return;
    this.#soon = true;
    setImmediate(() => {
      this.#soon = false;
      void this.#write();
    });
  }

  #writeIn(time: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, time);
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    if (this.#batch !== undefined || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#batch = { units: this.#changed, waiting: this.#waiting };
    this.#changed = new Set();
    this.#waiting = [];
    try {
      await this.#put(this.#batch);
      if (!this.#lost) this.#written(this.#batch);
    } catch (error) {
      if (!this.#lost) this.#failed(failureOf(error));
    }
    this.#batch = undefined;
    this.#lost = false;
    this.#goOn();
  }

  async #put({ units }: Batch): Promise<void> {
    const entries = new Map<string, Uint8Array | undefined>();
    for (const unit of units) unit.collect(entries);
    if (entries.size > 0) await this.#putInTime(entries);
    else if (this.failing) await this.#putInTime(this.#probe);
  }

  /** One that never ends must not keep the program waiting for ever. */
  async #putInTime(entries: ReadonlyMap<string, Uint8Array | undefined>): Promise<void> {
    const time = Math.max(this.#options.timeout, timeFor(entries));
    const timer = setTimeout(() => this.#late(time), time);
    try {
      await this.#options.store.put(entries, { sync: true });
    } finally {
      clearTimeout(timer);
    }
  }

  #late(time: number): void {
    if (!this.#lost) this.#failed(new StorageError('STORE_FAILED', `the store has not written within ${time} ms`));
  }

  #written({ units, waiting }: Batch): void {
    const recovers = this.failing;
    this.#failure = undefined;
    this.#pause = FIRST_PAUSE;
    for (const unit of units) unit.written();
    for (const { done } of waiting) done();
    if (recovers) this.#watch.recovered();
  }

  /** Takes back all that clients wait for: what came later may build on it. */
  #failed(error: StorageError): void {
    const failsFirst = !this.failing;
    const { units, waiting }: Batch = this.#batch ?? { units: new Set(), waiting: [] };
    const all = [...waiting, ...this.#waiting];
    this.#failure = error;
    this.#lost = true;
    this.#waiting = [];
    for (const unit of new Set([...units, ...this.#changed])) {
      this.#changed.add(unit);
      unit.failed();
    }
    for (const each of all) each.failed(error);
    if (failsFirst) this.#watch.failed(error);
  }

  /** After a batch. */
  #goOn(): void {
    if (this.#closed) return;
    if (this.failing) {
      this.#writeIn(this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pause);
    } else if (this.#waiting.length > 0) this.#writeSoon();
    else if (this.#changed.size > 0) this.#writeIn(this.#options.interval);
  }

  #expireIn(time: number): NodeJS.Timeout {
    return setTimeout(() => this.#expire(), time).unref();
  }

  /** A client's write has waited long enough, or another one is the oldest now. */
  #expire(): void {
    const { timeout } = this.#options;
    const oldest = [...(this.#batch?.waiting ?? []), ...this.#waiting].find(({ since }) => since !== undefined);
    const age = performance.now() - (oldest?.since ?? Number.POSITIVE_INFINITY);
    this.#deadline = undefined;
    if (oldest === undefined || this.#lost) return;
    if (age < timeout) this.#deadline = this.#expireIn(timeout - age);
    else this.#late(timeout);
  }
}

/** How long a put may take, in milliseconds: a second more for each megabyte. */
function timeFor(entries: ReadonlyMap<string, Uint8Array | undefined>): number {
  let bytes = 0;
  for (const value of entries.values()) bytes += value?.length ?? 0;
  return PATIENCE + 1000 * Math.floor(bytes / 1e6);
}

/** What a client gets. */
function refusal(error: StorageError): ModbusException {
  return new ModbusException(ExceptionCode.ServerDeviceFailure, error.message);
}

/** What a store of the program's own has thrown, too. */
export function failureOf(thrown: unknown): StorageError {
  if (thrown instanceof StorageError) return thrown;
  return new StorageError('STORE_FAILED', `the store has failed: ${asError(thrown).message}`, { cause: thrown });
}
