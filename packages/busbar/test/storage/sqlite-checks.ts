import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unit } from 'busbar';
import { type SqliteLike, Storage, sqliteStore } from 'busbar/storage';
import { storeChecks } from 'busbar/testing';

/** Makes a database of a file. */
export type Sqlite = new (file: string) => SqliteLike;

/** What is checked on a Node.js that has `node:sqlite`: throws if it is not so. */
export interface SqliteCheck {
  readonly title: string;
  check(file: string, Database: Sqlite): Promise<void>;
}

export const sqliteChecks: readonly SqliteCheck[] = [
  ...storeChecks.map(({ title, check }) => ({
    title,
    check: (file: string, Database: Sqlite) => check(() => sqliteStore(new Database(file))),
  })),
  {
    title: 'values of a unit are back after a restart, and a store of another kind has the same entries',
    async check(file, Database) {
      const first = await open(file, Database);
      first.unit.holdingRegisters.setFloat32(10, 21.5);
      first.unit.coils.set(3, true);
      await first.storage.close();
      const { unit, storage } = await open(file, Database);
      await storage.close();
      if (unit.holdingRegisters.getFloat32(10) !== 21.5 || !unit.coils.get(3)) throw new Error('the values are others');
    },
  },
  {
    title: 'a second process is refused while the first has the store, and gets it afterwards',
    async check(file, Database) {
      const { storage } = await open(file, Database);
      const [during] = [codeInAnother(file), await storage.close()];
      const after = codeInAnother(file);
      if (during !== 'STORE_LOCKED' || after !== 'none') throw new Error(`it got ${during}, then ${after}`);
    },
  },
  {
    title: 'a file that is no database, and a database of something else, are refused and left as they are',
    async check(file, Database) {
      writeFileSync(`${file}.txt`, 'This is a text, and no database at all.'.repeat(100));
      const other = new Database(`${file}.other`);
      other.exec('CREATE TABLE readings (at INTEGER)');
      other.close();
      const codes = [await codeOf(`${file}.txt`, Database), await codeOf(`${file}.other`, Database)];
      if (codes.join() !== 'STORE_FOREIGN,STORE_FOREIGN') throw new Error(`they gave ${codes}`);
    },
  },
  {
    title: 'entries of another program, and of a newer version, are refused',
    async check(file, Database) {
      const codes: string[] = [];
      for (const [i, entry] of [['settings', 'x'] as const, ['busbar', '{"format":2}'] as const].entries()) {
        const store = sqliteStore(new Database(`${file}.${i}`));
        await store.put(new Map([[entry[0], new TextEncoder().encode(entry[1])]]), { sync: true });
        await store.close();
        codes.push(await codeOf(`${file}.${i}`, Database));
      }
      if (codes.join() !== 'STORE_FOREIGN,STORE_VERSION') throw new Error(`they gave ${codes}`);
    },
  },
];

async function open(file: string, Database: Sqlite): Promise<{ storage: Storage; unit: Unit }> {
  const storage = await Storage.open({ store: sqliteStore(new Database(file)) });
  const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 20 }], coils: [{ start: 0, count: 8 }] });
  await storage.keep(unit);
  return { storage, unit };
}

/** The code of the error that opening a store gives; `none` if it opens. */
export async function codeOf(file: string, Database: Sqlite): Promise<string> {
  try {
    const storage = await Storage.open({ store: sqliteStore(new Database(file)) });
    await storage.close();
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** The same in another process, which runs this program again. */
function codeInAnother(file: string): string {
  const { stdout } = spawnSync(process.execPath, [process.argv[1], file], { encoding: 'utf8' });
  return stdout.trim();
}

/** Runs all checks. @returns the message of each that failed, by its title. */
export async function runSqliteChecks(Database: Sqlite): Promise<Record<string, string | null>> {
  const results: Record<string, string | null> = {};
  for (const { title, check } of sqliteChecks) {
    const folder = mkdtempSync(join(tmpdir(), 'busbar-sqlite-'));
    results[title] = await check(join(folder, 'state.db'), Database).then(
      () => null,
      (error: Error) => error.stack ?? error.message,
    );
    rmSync(folder, { recursive: true });
  }
  return results;
}
