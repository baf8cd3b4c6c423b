import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './helpers/folder.js';
import { runChecked } from './helpers/process.js';
import { Disk, isRoot } from './storage/disk.js';
import { KeptServer, KINDS } from './storage/kept-server.js';
import { Rig } from './storage/rig.js';

const SEED = 7;
/** Runs a program that file modes bind, as they do not bind root. */
const BOUND = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
const DISKS = ['tmpfs', 'ext4'] as const;
const CASES = DISKS.flatMap((disk) => KINDS.map((kind) => [disk, kind] as const));

/** A store on a disk has a folder of its own: ext4 brings one that is not ours. */
function folderOn(disk: Disk): string {
  const folder = join(disk.path, 'values');
  mkdirSync(folder);
  return folder;
}

/** What is on disk is what is in memory. */
async function expectKept(rig: Rig): Promise<void> {
  expect(await rig.look()).toEqual([]);
  await rig.server.kill();
  await rig.start();
  expect(await rig.look()).toEqual([]);
}

describe('a full disk', () => {
  test.each(CASES)('%s refuses writes with 04 until there is room again, by %s', async (fs, kind) => {
    await using disk = await Disk.mount(fs);
    await using rig = new Rig({ kind, folder: folderOn(disk) }, SEED);
    const server = await rig.start();
    await rig.acknowledge(100);
    for (let time = 0; time < 3; time++) {
      disk.fill();
      await rig.beRefused(50);
      expect(new Set(rig.history.refusals)).toEqual(new Set([4]));
      expect(await server.next()).toMatchObject({ event: 'failed', code: 'STORE_FAILED' });
      expect(await rig.look()).toEqual([]);
      disk.free();
      expect(await server.next()).toMatchObject({ event: 'recovered' });
      const refused = rig.history.refusals.length;
      await rig.acknowledge(100);
      expect(rig.history.refusals.length).toBe(refused);
    }
    await expectKept(rig);
  });

  test.each(CASES)('%s takes nothing that was acknowledged with it when the process dies, by %s', async (fs, kind) => {
    await using disk = await Disk.mount(fs);
    const folder = folderOn(disk);
    await using rig = new Rig({ kind, folder }, SEED);
    await rig.start();
    await rig.acknowledge(100);
    disk.fill();
    rig.history.refusedMayHappen = true;
    await rig.beRefused(50);
    await rig.server.kill();
    const told = await KeptServer.refusal({ kind, folder });
    if (told.event !== 'listening') expect(told).toMatchObject({ event: 'refused', code: 'STORE_FAILED' });
    disk.free();
    await rig.start();
    expect(await rig.look()).toEqual([]);
  });
});

describe('a file that must not grow', () => {
  test.each(KINDS)('refuses writes with 04 until it may, in a store of %s', async (kind) => {
    using folder = temporaryFolder();
    await using rig = new Rig({ kind, folder: folder.path }, SEED);
    const server = await rig.start();
    for (let time = 0; time < 3; time++) {
      await rig.acknowledge(50);
      const largest = Math.max(...readdirSync(folder.path).map((name) => statSync(join(folder.path, name)).size));
      await runChecked('prlimit', ['--pid', String(server.pid), `--fsize=${largest + 1000}:`]);
      await rig.beRefused(50);
      expect(await server.next()).toMatchObject({ event: 'failed', code: 'STORE_FAILED' });
      expect(await rig.look()).toEqual([]);
      await runChecked('prlimit', ['--pid', String(server.pid), '--fsize=unlimited:']);
      expect(await server.next()).toMatchObject({ event: 'recovered' });
    }
    await rig.acknowledge(50);
    await expectKept(rig);
  });
});

describe('a disk that does not answer', () => {
  test('refuses writes with 04 in time, and takes them when it does; reads go on', async () => {
    await using disk = await Disk.mount('ext4');
    await using rig = new Rig({ kind: 'level', folder: folderOn(disk), timeout: 200 }, SEED);
    const server = await rig.start();
    await rig.acknowledge(50);
    await disk.freeze();
    try {
      await rig.beRefused(20);
      expect(await server.next()).toMatchObject({ event: 'failed', code: 'STORE_FAILED' });
      expect(await rig.look()).toEqual([]);
    } finally {
      await disk.thaw();
    }
    expect(await server.next()).toMatchObject({ event: 'recovered' });
    await rig.acknowledge(50);
    await expectKept(rig);
  });
});

test('a folder that is removed makes a store of level fail, for good', async () => {
  using folder = temporaryFolder();
  const values = join(folder.path, 'values');
  await using rig = new Rig({ kind: 'level', folder: values }, SEED);
  const server = await rig.start();
  await rig.acknowledge(20);
  rmSync(values, { recursive: true });
  await rig.beRefused(20);
  expect(await server.next()).toMatchObject({ event: 'failed', code: 'STORE_FAILED' });
  expect(await rig.look()).toEqual([]);
  // It is tried again meanwhile.
  await expect.poll(() => existsSync(values)).toBe(true);
  await rig.beRefused(20);
});

describe('a folder that cannot be used', () => {
  // SQLite opens its file before the store has it.
  const code = { level: 'STORE_FAILED', sqlite: 'ERR_SQLITE_ERROR' };

  test.each(KINDS)('because its disk is read-only is refused by a store of %s', async (kind) => {
    await using disk = await Disk.mount('tmpfs');
    const folder = folderOn(disk);
    await disk.makeReadOnly();
    const told = await KeptServer.refusal({ kind, folder });
    expect(told).toMatchObject({ event: 'refused', code: code[kind] });
  });

  test.each(KINDS)('because it must not be written is refused by a store of %s', async (kind) => {
    using folder = temporaryFolder();
    chmodSync(folder.path, 0o500);
    const told = await KeptServer.refusal({ kind, folder: folder.path }, BOUND);
    expect(told).toMatchObject({ event: 'refused', code: code[kind] });
  });
});

test.each(KINDS)('a second process on the store of %s is refused, and the first goes on', async (kind) => {
  using folder = temporaryFolder();
  await using rig = new Rig({ kind, folder: folder.path }, SEED);
  await rig.start();
  await rig.acknowledge(20);
  const told = await KeptServer.refusal({ kind, folder: folder.path });
  expect(told).toMatchObject({ event: 'refused', code: 'STORE_LOCKED' });
  await rig.acknowledge(20);
  await expectKept(rig);
});
