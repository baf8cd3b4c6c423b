import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asError, StorageError } from '../errors.js';
import { LevelDamage } from './level-bytes.js';
import { checkLog } from './level-log.js';
import { readManifest } from './level-manifest.js';
import { LevelMark } from './level-mark.js';
import { checkTable } from './level-table.js';

/** The files of a LevelDB. */
const FILES = /^(CURRENT|LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.(log|ldb|sst|dbtmp)|lost)$/;
/** Names the manifest: without it, a database would begin afresh. */
const CURRENT = 'CURRENT';
const LOG = /^\d+\.log$/;
/** Those that have values. */
const VALUES = /^\d+\.(log|ldb|sst)$/;

/**
 * Rejects if what is in a folder must not be opened: with a `StorageError` `STORE_FOREIGN`, with a `LevelDamage`, or with
 * what reading has failed with.
 */
export async function checkFiles(folder: string): Promise<void> {
  // None if there is no folder: opening says what is wrong with another.
  const names = await readdir(folder).catch((): string[] => []);
  const foreign = names.find((name) => name !== LevelMark.file && !FILES.test(name));
  if (foreign !== undefined) {
    const message = `${folder} has files that are no store of Busbar, such as ${foreign}: name another folder`;
    throw new StorageError('STORE_FOREIGN', message);
  }
  if (names.includes(CURRENT) || names.some((name) => VALUES.test(name))) await checkDatabase(folder, names);
}

/** All files that the database will read. Other tables are left alone: they were not finished when a process was killed. */
async function checkDatabase(folder: string, names: readonly string[]): Promise<void> {
  async function check<T>(name: string, read: (bytes: Buffer) => T): Promise<T> {
    if (!names.includes(name)) throw new LevelDamage(`${name} is missing`);
    const bytes = await readFile(join(folder, name));
    try {
      return read(bytes);
    } catch (error) {
      throw new LevelDamage(`${name} ${asError(error).message}`);
    }
  }

  const { tables, log } = await check(await check(CURRENT, readCurrent), readManifest);
  const logs = new Set(names.filter((name) => LOG.test(name) && Number.parseInt(name, 10) >= log));
  if (log > 0) logs.add(`${sixDigits(log)}.log`);
  for (const name of logs) await check(name, checkLog);
  for (const [number, size] of tables) await check(`${sixDigits(number)}.ldb`, (bytes) => checkTable(bytes, size));
}

/** @returns the name of the manifest. */
function readCurrent(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (!/^MANIFEST-\d+\n$/.test(text)) throw new LevelDamage('names no manifest');
  return text.trimEnd();
}

function sixDigits(number: number): string {
  return String(number).padStart(6, '0');
}
