import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ClassicLevel } from 'classic-level';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksum, LevelDamage } from '../../src/storage/level-bytes.js';
import { checkFiles } from '../../src/storage/level-files.js';
import { checkLog } from '../../src/storage/level-log.js';
import { type Manifest, readManifest } from '../../src/storage/level-manifest.js';
import { checkTable } from '../../src/storage/level-table.js';

// LevelDB ends the process where it reads some kinds of damage. So here it only writes, and each byte is tried that it
// would read.

const FOOTER = 48;
const MAGIC = 8;
/** A log's records don't cross the borders of such blocks. */
const BLOCK = 32 * 1024;

const root = mkdtempSync(join(tmpdir(), 'busbar-level-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Puts entries with keys that begin alike, of 60 bytes each. */
async function put(level: ClassicLevel, prefix: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await level.put(`${prefix}/${i}`, String(i).repeat(60).slice(0, 60));
}

/** A database with tables on several levels that have come and gone, and with a log. */
async function makeDatabase(folder: string, compression: boolean): Promise<void> {
  for (const unit of [1, 2, 3, 4]) {
    const level = new ClassicLevel(folder, { compression, blockSize: 1024 });
    await put(level, `${unit}/coils`, 20);
    if (unit === 4) {
      await put(level, '2/coils', 20);
      await level.compactRange('2', '3');
      await put(level, '4/files', 20);
    }
    await level.close();
  }
}

/** A folder with files of a database, to change them. */
class Database {
  readonly folder: string;
  readonly manifestName: string;
  readonly manifest: Manifest;
  readonly log: string;
  readonly tables: readonly string[];

  constructor(folder: string) {
    this.folder = folder;
    this.manifestName = this.read('CURRENT').toString().trim();
    this.manifest = readManifest(this.read(this.manifestName));
    this.log = `${String(this.manifest.log).padStart(6, '0')}.log`;
    this.tables = [...this.manifest.tables.keys()].map((number) => `${String(number).padStart(6, '0')}.ldb`);
  }

  read(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  /** What is wrong with it while a file has these bytes, or is missing; undefined if nothing is. */
  async problemWith(name: string, bytes: Uint8Array | undefined): Promise<string | undefined> {
    const path = join(this.folder, name);
    const before = readdirSync(this.folder).includes(name) ? readFileSync(path) : undefined;
    if (bytes === undefined) rmSync(path);
    else writeFileSync(path, bytes);
    try {
      return await this.problem();
    } finally {
      if (before === undefined) rmSync(path);
      else writeFileSync(path, before);
    }
  }

  async problem(): Promise<string | undefined> {
    try {
      await checkFiles(this.folder);
      return undefined;
    } catch (error) {
      if (error instanceof LevelDamage) return error.message;
      throw error;
    }
  }
}

function isDamaged(check: () => void): boolean {
  try {
    check();
    return false;
  } catch (error) {
    if (error instanceof LevelDamage) return true;
    throw error;
  }
}

/** All bytes with one bit changed that a check takes for good, and the places of their bits' bytes. */
function unnoticed(bytes: Uint8Array, check: (flipped: Uint8Array) => void): [at: number, flipped: Uint8Array][] {
  const flipped = Uint8Array.from(bytes);
  const found: [number, Uint8Array][] = [];
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 1; bit < 256; bit *= 2) {
      flipped[at]! ^= bit;
      if (!isDamaged(() => check(flipped))) found.push([at, flipped.slice()]);
      flipped[at]! ^= bit;
    }
  }
  return found;
}

/**
 * Places in a table that tell nothing: zeros in the footer, between its handles and the magic number; and the highest bit
 * of the byte ahead of them, with which a number goes on.
 */
function unusedIn(table: Uint8Array): number[] {
  const end = table.length - MAGIC;
  let begin = end - 1;
  while (table[begin] === 0) begin--;
  return Array.from({ length: end - begin }, (_, i) => begin + i);
}

it('the checksum is that of LevelDB', () => {
  // CRC-32C of the check sequence "123456789", turned right by 15 bits, plus a constant.
  const crc = 0xe3069283;
  expect(checksum(Buffer.from('123456789'))).toBe((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
});

describe.each([true, false])('a database with compression: %s', (compression) => {
  let database: Database;

  beforeAll(async () => {
    const folder = join(root, `compression-${compression}`);
    await makeDatabase(folder, compression);
    database = new Database(folder);
  });

  it('is good as LevelDB has left it, with several tables and a log', async () => {
    expect(await database.problem()).toBe(undefined);
    expect(database.tables.length).toBeGreaterThan(1);
    expect(database.read(database.log).length).toBeGreaterThan(1000);
  });

  it('is damaged if any bit of a table is another, but those that tell nothing', () => {
    for (const name of database.tables) {
      const table = database.read(name);
      const places = unnoticed(table, (flipped) => checkTable(flipped, table.length)).map(([at]) => at);
      expect([...new Set(places)]).toEqual(unusedIn(table));
      expect(unusedIn(table).length).toBeLessThan(FOOTER - MAGIC);
    }
  });

  it('is damaged if any bit of its manifest is another', async () => {
    const { manifestName: name } = database;
    for (const [at, flipped] of unnoticed(database.read(name), readManifest)) {
      expect(await database.problemWith(name, flipped), `byte ${at}`).toMatch(/^\d{6}\.(log|ldb) is missing$/);
    }
  });

  it('is damaged if the name of its manifest is another', async () => {
    const name = database.read('CURRENT');
    for (const other of [
      name.subarray(0, -1),
      Buffer.from('MANIFEST-999999\n'),
      Buffer.from('LOCK\n'),
      Buffer.from(''),
    ]) {
      expect(await database.problemWith('CURRENT', other)).toMatch(
        /^CURRENT names no manifest|^MANIFEST-999999 is missing/,
      );
    }
  });

  it('is damaged if a table is cut, longer or missing', async () => {
    for (const name of database.tables) {
      const table = database.read(name);
      for (const other of [0, 1, FOOTER, table.length - 1].map((size) => table.subarray(0, size))) {
        expect(await database.problemWith(name, other)).toBe(
          `${name} has ${other.length} bytes, and not ${table.length}`,
        );
      }
      expect(await database.problemWith(name, Buffer.concat([table, table]))).toContain(name);
      expect(await database.problemWith(name, undefined)).toBe(`${name} is missing`);
    }
  });

  it('is damaged wherever its manifest is cut', async () => {
    const { manifestName: name } = database;
    const manifest = database.read(name);
    /** The longest cut for each content that it leaves. */
    const cuts = new Map<string, Uint8Array>();
    for (let size = 0; size < manifest.length; size++) {
      const cut = manifest.subarray(0, size);
      if (!isDamaged(() => readManifest(cut))) cuts.set(inspect(readManifest(cut)), cut);
    }
    expect(cuts.size).toBeGreaterThan(1);
    for (const cut of cuts.values()) {
      expect(await database.problemWith(name, cut), `${cut.length}`).toMatch(/^\d{6}\.(log|ldb) is missing$/);
    }
  });

  it('is good if what was not written to its end when the power was cut is behind its manifest', async () => {
    const { manifestName: name } = database;
    const manifest = database.read(name);
    const record = [manifest.subarray(0, 3), manifest.subarray(0, 20), new Uint8Array(7), new Uint8Array(50_000)];
    for (const rest of record)
      expect(await database.problemWith(name, Buffer.concat([manifest, rest]))).toBe(undefined);
  });

  it('is good with tables that its manifest does not name, whatever they are', async () => {
    const table = database.read(database.tables[0] ?? '');
    for (const bytes of [Buffer.from(''), Buffer.from('rubbish'), table.subarray(0, 1000), table]) {
      expect(await database.problemWith('000999.ldb', bytes)).toBe(undefined);
    }
  });

  it('is damaged if its log is missing, or has a batch twice', async () => {
    const { log } = database;
    const bytes = database.read(log);
    expect(await database.problemWith(log, undefined)).toBe(`${log} is missing`);
    expect(await database.problemWith(log, Buffer.concat([bytes, bytes]))).toBe(`${log} has a batch twice`);
  });

  it('is good if its log has other damage: the count of batches tells', () => {
    const log = database.read(database.log);
    expect(unnoticed(log, checkLog).length).toBe(log.length * 8);
    for (let size = 0; size < log.length; size++) checkLog(log.subarray(0, size));
  });
});

describe('a log of several blocks', () => {
  let log: Buffer;

  beforeAll(async () => {
    const folder = join(root, 'long');
    const level = new ClassicLevel<string, Uint8Array>(folder, { valueEncoding: 'view' });
    for (let i = 0; i < 20; i++) await level.put('coils', new Uint8Array(7001 + i));
    await level.close();
    const database = new Database(folder);
    log = database.read(database.log);
  });

  it('is good as LevelDB has left it, and without one of its blocks', () => {
    expect(log.length).toBeGreaterThan(4 * BLOCK);
    checkLog(log);
    for (let at = 0; at < log.length; at += BLOCK) {
      checkLog(Buffer.concat([log.subarray(0, at), log.subarray(at + BLOCK)]));
      checkLog(Buffer.concat([log.subarray(0, at), new Uint8Array(BLOCK), log.subarray(at + BLOCK)]));
    }
  });

  it('is damaged if a block is in the place of the next one as well', () => {
    for (let at = BLOCK; at < log.length; at += BLOCK) {
      const other = Buffer.from(log);
      log.copy(other, at, at - BLOCK, at);
      expect(isDamaged(() => checkLog(other))).toBe(true);
    }
  });
});

it('long keys that repeat themselves are unpacked as LevelDB packs them', async () => {
  const folder = join(root, 'packed');
  const level = new ClassicLevel(folder, { blockSize: 1024, writeBufferSize: 64 * 1024 });
  const key = (i: number) => `${(i * 7919) % 100_003}`.repeat(1 + (i % 90)) + 'abc'.repeat(i % 50);
  for (let i = 0; i < 3000; i += 100) {
    await level.batch(Array.from({ length: 100 }, (_, k) => ({ type: 'put', key: key(i + k), value: 'x'.repeat(k) })));
  }
  await level.close();
  const database = new Database(folder);
  expect(database.tables.length).toBeGreaterThan(0);
  expect(await database.problem()).toBe(undefined);
});
