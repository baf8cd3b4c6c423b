import { show } from '../checks.js';
import { putBehind, requireUnbacked } from '../data/put-behind.js';
import { Unit } from '../data/unit.js';
import { Emitter, tell } from '../emit.js';
import { OptionsError, StateError, StorageError } from '../errors.js';
import type { Restored, StorageEvents, StorageState } from './events.js';
import { KeptUnit } from './kept-unit.js';
import { type CheckedStorageOptions, checkStorageOptions, type StorageOptions } from './options.js';
import type { Store } from './store.js';
import { failureOf, PATIENCE, Writer } from './writer.js';

/** The entry that tells the format of the others. */
const FORMAT_KEY = 'busbar';
const FORMAT = 1;

/** A unit that is kept. */
interface Entry {
  readonly kept: KeptUnit;
  /** Ends that changes are noted, and that clients wait. */
  readonly takeOff: () => void;
}

/** Keeps the values of units in a store, so that they are there after a restart. */
export class Storage extends Emitter<StorageEvents> {
  readonly #options: CheckedStorageOptions;
  readonly #writer: Writer;
  /** By id. */
  readonly #units = new Map<number, Entry>();
  /** Ids of units that are being put back. */
  readonly #coming = new Set<number>();
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(options: CheckedStorageOptions) {
    super();
    this.#options = options;
    this.#writer = new Writer(options, new Map([[FORMAT_KEY, formatEntry()]]), {
      failed: (error) => tell(this, 'failed', [{ error }]),
      recovered: () => tell(this, 'recovered', [{}]),
    });
  }

  /**
   * Opens a store, and makes an empty one a store of Busbar.
   * @throws OptionsError; StorageError `STORE_FOREIGN`, `STORE_CORRUPT`, `STORE_LOCKED`, `STORE_VERSION`, `STORE_FAILED`,
   * after which the store is closed.
   */
  static async open(options: StorageOptions): Promise<Storage> {
    const checked = checkStorageOptions(options);
    try {
      await checkFormat(checked.store);
    } catch (error) {
      // Closing tells nothing that the error does not.
      await checked.store.close().catch(() => undefined);
      throw failureOf(error);
    }
    return new Storage(checked);
  }

  /** `failing`: the store has failed, and is tried again until it works. */
  get state(): StorageState {
    if (this.#closing !== undefined) return 'closed';
    return this.#writer.failing ? 'failing' : 'ready';
  }

  /**
   * Puts back what was kept of the unit, and keeps it from now on. To be done before a server listens: until then, clients
   * see the values of its options. Parts with handlers are not kept.
   * @returns what was put back, and what was dropped because the unit has no place for it.
   * @throws StateError `UNIT_BACKED`, `UNIT_SHARED`, `UNIT_ID_TAKEN`, `STORAGE_CLOSED`; StorageError.
   */
  async keep(unit: Unit): Promise<Restored> {
    this.#requireOpen();
    if (!(unit instanceof Unit)) throw new OptionsError(['unit'], `expected a Unit, found ${show(unit)}`);
    requireUnbacked(unit, 'a storage');
    const { id } = unit;
    if (this.#units.has(id) || this.#coming.has(id)) {
      throw new StateError(
        'UNIT_ID_TAKEN',
        `the storage keeps another unit with the id ${id}: use another store for it`,
      );
    }
    this.#coming.add(id);
    try {
      return this.#putBack(unit, await entriesOf(this.#options.store, `${id}/`));
    } catch (error) {
      throw error instanceof StateError ? error : failureOf(error);
    } finally {
      this.#coming.delete(id);
    }
  }

  #putBack(unit: Unit, stored: ReadonlyMap<string, Uint8Array>): Restored {
    this.#requireOpen();
    const kept = new KeptUnit(unit, this.#writer, this.#options.mode === 'durable');
    // Ahead of all changes: another may have been put behind it meanwhile.
    requireUnbacked(unit, 'a storage');
    const restored = kept.restore(stored);
    this.#put(kept);
    for (const event of restored.dropped) tell(this, 'dropped', [event]);
    return restored;
  }

  #put(kept: KeptUnit): void {
    this.#units.set(kept.unit.id, { kept, takeOff: putBehind(kept.unit, kept) });
    if (kept.dirty) this.#writer.changed(kept);
  }

  /**
   * Keeps another unit with the same id in the place of one that is kept, such as one with another layout. Give it the
   * values of the one before afterwards, in the same turn of the event loop: only what changes from now on is kept of it.
   * @throws OptionsError if `before` is not kept, or the ids differ; StateError `UNIT_BACKED`, `UNIT_SHARED`.
   */
  replace(before: Unit, after: Unit): void {
    this.#requireOpen();
    const entry = this.#units.get(before.id);
    if (entry?.kept.unit !== before) throw new OptionsError(['before'], `unit ${before.id} is not kept`);
    if (after.id !== before.id) throw new OptionsError(['after'], `expected the id ${before.id}, found ${after.id}`);
    requireUnbacked(after, 'a storage');
    entry.takeOff();
    this.#forget(entry);
    this.#put(new KeptUnit(after, this.#writer, this.#options.mode === 'durable', entry.kept));
  }

  /**
   * Keeps the unit no longer, and writes what is not written yet; what is kept of it stays in the store.
   * @throws StorageError if that fails: the unit is released all the same.
   */
  async release(unit: Unit): Promise<void> {
    const entry = this.#units.get(unit.id);
    if (entry === undefined || entry.kept.unit !== unit) return;
    // First: nobody would write down what is changed while the last batch is under way.
    entry.takeOff();
    try {
      await this.flush();
    } finally {
      this.#forget(entry);
    }
  }

  #forget(entry: Entry): void {
    const { id } = entry.kept.unit;
    this.#writer.forget(entry.kept);
    if (this.#units.get(id) === entry) this.#units.delete(id);
  }

  /** Resolves when everything changed so far is on disk. @throws StorageError; StateError `STORAGE_CLOSED`. */
  async flush(): Promise<void> {
    this.#requireOpen();
    await this.#writer.flush();
  }

  /** Forgets all that is kept. @throws StateError `STORAGE_IN_USE` while units are kept, `STORAGE_CLOSED`; StorageError. */
  async reset(): Promise<void> {
    this.#requireOpen();
    if (this.#units.size > 0 || this.#coming.size > 0) {
      throw new StateError('STORAGE_IN_USE', 'units are kept in it: reset it before keep(), or release them');
    }
    try {
      await clear(this.#options.store);
    } catch (error) {
      throw failureOf(error);
    }
  }

  /**
   * Writes what is not written yet, and closes the store. Units keep their values, and are kept no longer.
   * @throws StorageError if that fails, or takes too long: the storage is closed all the same.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const { takeOff } of this.#units.values()) takeOff();
    try {
      await this.#writer.flush();
    } catch (error) {
      throw unkept(failureOf(error), this.#writer.unwritten);
    } finally {
      this.#units.clear();
      this.#writer.close();
      await inTime(this.#options.store.close(), this.#writer.hangs ? 0 : PATIENCE);
    }
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new StateError('STORAGE_CLOSED', 'the storage is closed: open another');
  }
}

function formatEntry(): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ format: FORMAT }));
}

async function checkFormat(store: Store): Promise<void> {
  const stored = (await entriesOf(store, FORMAT_KEY)).get('');
  if (stored !== undefined) requireFormat(stored);
  else if (await isEmpty(store)) await store.put(new Map([[FORMAT_KEY, formatEntry()]]), { sync: true });
  else {
    const message = `the store has entries, but none named ${FORMAT_KEY}: it is another program's, or damaged`;
    throw new StorageError('STORE_FOREIGN', `${message}. Name another store, or put back a copy`);
  }
}

function requireFormat(stored: Uint8Array): void {
  const text = new TextDecoder().decode(stored);
  const found = Number(/^\{"format":(\d+)\}$/.exec(text)?.[1]);
  if (found === FORMAT) return;
  if (found > FORMAT) {
    const message = `a newer version of Busbar made the store: it has format ${found}, this version reads ${FORMAT}`;
    throw new StorageError('STORE_VERSION', `${message}. Use that version, or name another store`);
  }
  throw new StorageError('STORE_FOREIGN', `the entry ${FORMAT_KEY} of the store is not of Busbar: name another store`);
}

/** Says of whose values the last changes are lost. */
function unkept(error: StorageError, ids: readonly number[]): StorageError {
  if (ids.length === 0) return error;
  const units = ids.length === 1 ? `unit ${ids[0]}` : `the units ${ids.join(', ')}`;
  return new StorageError(error.code, `${error.message}; what has changed last in ${units} is not kept`, {
    cause: error,
  });
}

/** Waits up to `time`, in milliseconds, for a store to close: nothing more is written by then. */
async function inTime(closing: Promise<void>, time: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, time);
  });
  await Promise.race([closing, late]).finally(() => clearTimeout(timer));
}

/** What the store has under names with a prefix, by the rest of the names. */
async function entriesOf(store: Store, prefix: string): Promise<Map<string, Uint8Array>> {
  const entries = new Map<string, Uint8Array>();
  for await (const [key, value] of store.entries(prefix)) entries.set(key.slice(prefix.length), value);
  return entries;
}

async function isEmpty(store: Store): Promise<boolean> {
  for await (const _ of store.entries()) return false;
  return true;
}

/** Deletes all entries but that of the format. All together: a part of a unit's entries would count as damaged. */
async function clear(store: Store): Promise<void> {
  const gone = new Map<string, undefined>();
  for await (const [key] of store.entries()) if (key !== FORMAT_KEY) gone.set(key, undefined);
  if (gone.size > 0) await store.put(gone, { sync: true });
}
