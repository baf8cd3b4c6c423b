import { join } from 'node:path';
import { asError, StorageError } from '../errors.js';
import { LevelDamage } from './level-bytes.js';
import { checkFiles } from './level-files.js';
import { LevelMark } from './level-mark.js';
import { makeFolder } from './make-folder.js';
import { behind, type Store } from './store.js';

/** A database of the package `classic-level`, version 3, or one like it. */
export interface LevelLike {
  /** Its folder. */
  readonly location: string;
  open(options: { createIfMissing?: boolean; errorIfExists?: boolean }): Promise<void>;
  batch(operations: LevelOperation[], options: LevelEncodings & { sync: boolean }): Promise<void>;
  iterator(options: LevelEncodings & { gte: string; lt: string }): AsyncIterable<[string, Uint8Array]>;
  close(): Promise<void>;
}

/** Puts an entry, or deletes it. */
export type LevelOperation = { type: 'put'; key: string; value: Uint8Array } | { type: 'del'; key: string };

/** Keys are text, values bytes, whatever the database has as its defaults. */
export interface LevelEncodings {
  keyEncoding: 'utf8';
  valueEncoding: 'view';
}

const ENCODINGS: LevelEncodings = { keyEncoding: 'utf8', valueEncoding: 'view' };

/** The entry that counts the batches. Nobody else sees it. */
const COUNT = 'batches';

/**
 * A store in a folder, by the package `classic-level`: `levelStore(new ClassicLevel('./state'))`, in one statement, because
 * the database opens itself a moment later. The store is opened when the storage is. A folder that has files of something
 * else gives a `StorageError` `STORE_FOREIGN`, one that another process uses `STORE_LOCKED`, a damaged one `STORE_CORRUPT`.
 */
export function levelStore(level: LevelLike): Store {
  return new LevelStore(level);
}

class LevelStore implements Store {
  readonly #level: LevelLike;
  readonly #mark: LevelMark;
  #wasOpen = false;
  /**
   * It is open, and no write has failed since: what is behind half an entry in the database's log would be lost when it
   * is next opened.
   */
  #ready = false;
  /** How many have been written. */
  #batches = 0;

  constructor(level: LevelLike) {
    this.#level = level;
    this.#mark = new LevelMark(join(level.location, LevelMark.file));
    // Now, because the database opens itself in a moment: it makes files of its own, deletes those that it does not know, and
    // may end the process if they are damaged.
    level.close().catch(() => undefined);
  }

  async *entries(prefix = ''): AsyncIterable<[string, Uint8Array]> {
    try {
      await this.#open();
      for await (const entry of this.#level.iterator({ ...ENCODINGS, gte: prefix, lt: behind(prefix) })) {
        if (entry[0] !== COUNT) yield entry;
      }
    } catch (error) {
      throw meaning(error, this.#level.location);
    }
  }

  async put(entries: ReadonlyMap<string, Uint8Array | undefined>, { sync }: { readonly sync: boolean }): Promise<void> {
    try {
      await this.#open();
      const batches = this.#batches + 1;
      const operations = [...entries, [COUNT, countEntry(batches)] as const].map(toOperation);
      const written = this.#level.batch(operations, { ...ENCODINGS, sync });
      // The database goes on with open files: only the mark tells that its folder has been removed.
      await Promise.all([written, this.#mark.refresh(this.#batches)]);
      this.#batches = batches;
    } catch (error) {
      this.#ready = false;
      throw meaning(error, this.#level.location);
    }
  }

  /** Opening reads the log up to its torn end, and begins another one. A database that is gone is not made anew. */
  async #open(): Promise<void> {
    if (this.#ready) return;
    await this.#level.close();
    await this.#check();
    if (!this.#wasOpen) makeFolderOf(this.#level.location);
    await this.#level.open(this.#wasOpen ? { createIfMissing: false } : {});
    const [stored, marked] = [await this.#storedBatches(), await this.#mark.read()];
    if (stored < marked) throw damaged(this.#level.location, `the last ${marked - stored} batches are missing`);
    this.#batches = stored;
    this.#ready = true;
    this.#wasOpen = true;
  }

  /** A process that uses the store changes its files meanwhile: then it is locked, and not damaged. */
  async #check(): Promise<void> {
    const { location } = this.#level;
    try {
      await checkFiles(location);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      await this.#expectUnlocked();
      await checkFiles(location);
    }
  }

  /** The database takes its lock, and finds that it exists, before it reads a file. */
  async #expectUnlocked(): Promise<void> {
    try {
      await this.#level.open({ createIfMissing: false, errorIfExists: true });
    } catch (error) {
      const { code } = meaning(error, this.#level.location);
      if (code === 'STORE_LOCKED') throw error;
    }
  }

  async #storedBatches(): Promise<number> {
    for await (const [, entry] of this.#level.iterator({ ...ENCODINGS, gte: COUNT, lt: `${COUNT}\0` })) {
      return Number(new TextDecoder().decode(entry));
    }
    return 0;
  }

  async close(): Promise<void> {
    try {
      if (this.#ready && this.#batches > 0) await this.#mark.write(this.#batches);
    } finally {
      await this.#level.close();
    }
  }
}

function countEntry(batches: number): Uint8Array {
  return new TextEncoder().encode(String(batches));
}

function toOperation([key, value]: readonly [string, Uint8Array | undefined]): LevelOperation {
  return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
}

function makeFolderOf(location: string): void {
  try {
    makeFolder(location);
  } catch (cause) {
    const message = `the folder ${location} of the store cannot be made: ${asError(cause).message}`;
    throw new StorageError('STORE_FAILED', message, { cause });
  }
}

function damaged(location: string, problem: string, cause?: unknown): StorageError {
  const message = `the store ${location} is damaged: put back a copy, or move it away to start without it`;
  return new StorageError('STORE_CORRUPT', `${message} (${problem})`, { cause });
}

/** The database wraps the cause of a failed opening. */
function meaning(thrown: unknown, location: string): StorageError {
  if (thrown instanceof StorageError) return thrown;
  if (thrown instanceof LevelDamage) return damaged(location, thrown.message);
  const error = asError(thrown);
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause ? cause.code : undefined;
  const options = { cause: thrown };
  if (code === 'LEVEL_LOCKED') {
    return new StorageError(
      'STORE_LOCKED',
      `another process uses the store ${location}: end it, or name another`,
      options,
    );
  }
  if (code === 'LEVEL_CORRUPTION') return damaged(location, cause.message, thrown);
  return new StorageError('STORE_FAILED', `the store ${location} has failed: ${cause.message}`, options);
}
