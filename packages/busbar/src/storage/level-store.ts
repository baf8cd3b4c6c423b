import { readdirSync } from 'node:fs';
import { asError, StorageError } from '../errors.js';
import { behind, type Store } from './store.js';

/** A database of the package `classic-level`, version 3, or one like it. */
export interface LevelLike {
  /** Its folder. */
  readonly location: string;
  open(): Promise<void>;
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

/** The files of a LevelDB. */
const OWN_FILES = /^(CURRENT|LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.(log|ldb|sst|dbtmp)|lost)$/;

/**
 * A store in a folder, by the package `classic-level`: `levelStore(new ClassicLevel('./state'))`. It is opened when the
 * storage is. A folder that has files of something else gives a `StorageError` `STORE_FOREIGN`, one that another process
 * uses `STORE_LOCKED`, a damaged one `STORE_CORRUPT`.
 */
export function levelStore(level: LevelLike): Store {
  // Now, because the database makes files of its own in a moment.
  const refusal = foreignFile(level.location);
  return {
    async *entries(prefix = '') {
      if (refusal !== undefined) throw refusal;
      try {
        await level.open();
        yield* level.iterator({ ...ENCODINGS, gte: prefix, lt: behind(prefix) });
      } catch (error) {
        throw meaning(error, level.location);
      }
    },
    async put(entries, { sync }) {
      try {
        await level.batch([...entries].map(toOperation), { ...ENCODINGS, sync });
      } catch (error) {
        throw meaning(error, level.location);
      }
    },
    close: () => level.close(),
  };
}

function toOperation([key, value]: readonly [string, Uint8Array | undefined]): LevelOperation {
  return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
}

function foreignFile(location: string): StorageError | undefined {
  const foreign = filesIn(location).find((name) => !OWN_FILES.test(name));
  if (foreign === undefined) return undefined;
  const message = `${location} has files that are no store of Busbar, such as ${foreign}: name another folder`;
  return new StorageError('STORE_FOREIGN', message);
}

/** None if there is no folder: opening says what is wrong with another. */
function filesIn(location: string): string[] {
  try {
    return readdirSync(location);
  } catch {
    return [];
  }
}

/** The database wraps the cause of a failed opening. */
function meaning(thrown: unknown, location: string): StorageError {
  if (thrown instanceof StorageError) return thrown;
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
  if (code === 'LEVEL_CORRUPTION') {
    const message = `the store ${location} is damaged: put back a copy, or move it away to start without it`;
    return new StorageError('STORE_CORRUPT', `${message} (${cause.message})`, options);
  }
  return new StorageError('STORE_FAILED', `the store ${location} has failed: ${cause.message}`, options);
}
