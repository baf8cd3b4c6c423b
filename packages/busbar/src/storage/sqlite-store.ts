import { asError, StorageError } from '../errors.js';
import { behind, type Store } from './store.js';

/** A `DatabaseSync` of `node:sqlite` (Node.js 22.13 or newer), or one like it. */
export interface SqliteLike {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** A prepared statement. */
export interface SqliteStatement {
  all(...parameters: (string | Uint8Array)[]): unknown[];
  run(...parameters: (string | Uint8Array)[]): unknown;
}

/** Entries that are read at once. */
const PAGE = 1000;

const [NOT_A_DATABASE, CORRUPT, BUSY, LOCKED] = [26, 11, 5, 6];

/**
 * A store in a file, by `node:sqlite`: `sqliteStore(new DatabaseSync('./state.db'))`. It is opened when the storage is,
 * and it is this process's alone until it is closed: a second one gets a `StorageError` `STORE_LOCKED`. A file or a
 * database of something else gives `STORE_FOREIGN`, a damaged one `STORE_CORRUPT`. Its calls block the event loop while
 * the disk works.
 */
export function sqliteStore(database: SqliteLike): Store {
  const opened = new OpenedSqlite(database);
  return {
    async *entries(prefix = '') {
      for (
        let page = opened.page(prefix, prefix);
        page.length > 0;
        page = opened.page(`${page[page.length - 1][0]}\0`, prefix)
      ) {
        yield* page;
      }
    },
    async put(entries, { sync }) {
      opened.put(entries, sync);
    },
    async close() {
      database.close();
    },
  };
}

class OpenedSqlite {
  readonly #database: SqliteLike;
  #statements: Record<'select' | 'upsert' | 'delete', SqliteStatement> | undefined;

  constructor(database: SqliteLike) {
    this.#database = database;
  }

  /** Some entries from a key on. */
  page(from: string, prefix: string): [string, Uint8Array][] {
    return meant(() => this.#open().select.all(from, behind(prefix)).map(toEntry));
  }

  put(entries: ReadonlyMap<string, Uint8Array | undefined>, sync: boolean): void {
    meant(() => {
      const statements = this.#open();
      this.#database.exec(`PRAGMA synchronous = ${sync ? 'FULL' : 'NORMAL'}; BEGIN IMMEDIATE`);
      try {
        for (const [key, value] of entries) {
          if (value === undefined) statements.delete.run(key);
          else statements.upsert.run(key, value);
        }
        this.#database.exec('COMMIT');
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  /** Some failures have ended the transaction already. */
  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {}
  }

  #open(): Record<'select' | 'upsert' | 'delete', SqliteStatement> {
    if (this.#statements !== undefined) return this.#statements;
    const database = this.#database;
    // Held from the first access on.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
    const foreign = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'busbar'").all();
    if (foreign.length > 0) {
      throw new StorageError('STORE_FOREIGN', 'the SQLite database has tables of something else: name another file');
    }
    database.exec(
      'BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS busbar (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID; COMMIT',
    );
    this.#statements = {
      select: database.prepare(`SELECT key, value FROM busbar WHERE key >= ? AND key < ? ORDER BY key LIMIT ${PAGE}`),
      // Node.js 22 binds no bytes as NULL.
      upsert: database.prepare(
        "INSERT INTO busbar VALUES (?, ifnull(?, x'')) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      ),
      delete: database.prepare('DELETE FROM busbar WHERE key = ?'),
    };
    return this.#statements;
  }
}

function toEntry(row: unknown): [string, Uint8Array] {
  if (typeof row === 'object' && row !== null && 'key' in row && 'value' in row) {
    const { key, value } = row;
    if (typeof key === 'string' && value instanceof Uint8Array) return [key, value];
  }
  throw new StorageError('STORE_FOREIGN', 'the SQLite database has a table busbar that is none of Busbar');
}

function meant<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw meaning(error);
  }
}

function meaning(thrown: unknown): StorageError {
  if (thrown instanceof StorageError) return thrown;
  const error = asError(thrown);
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  const options = { cause: thrown };
  if (code === BUSY || code === LOCKED) {
    return new StorageError(
      'STORE_LOCKED',
      'another process uses the SQLite database: end it, or name another',
      options,
    );
  }
  if (code === NOT_A_DATABASE) {
    return new StorageError('STORE_FOREIGN', 'the file is no SQLite database: name another', options);
  }
  if (code === CORRUPT) {
    const message = 'the SQLite database is damaged: put back a copy, or move it away to start without it';
    return new StorageError('STORE_CORRUPT', `${message} (${error.message})`, options);
  }
  return new StorageError('STORE_FAILED', `the SQLite database has failed: ${error.message}`, options);
}
