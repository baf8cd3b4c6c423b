import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelStore, Storage } from 'busbar/storage';
import { ClassicLevel } from 'classic-level';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryStore } from './memory-store.js';
import { keepIn } from './storing.js';

const root = mkdtempSync(join(tmpdir(), 'busbar-keep-'));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
function newFolder(): string {
  folders++;
  return join(root, `state-${folders}`);
}

describe('a store that is not to be used is refused, and left as it is', () => {
  const open = (folder: string) => Storage.open({ store: levelStore(new ClassicLevel(folder)) });

  it('because the folder has files of something else', async () => {
    const folder = mkdtempSync(join(root, 'foreign-'));
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await expect(open(folder)).rejects.toMatchObject({
      name: 'StorageError',
      code: 'STORE_FOREIGN',
      message: expect.stringMatching(/notes\.txt.*another folder/),
    });
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('because the database has entries of another program', async () => {
    const folder = newFolder();
    const level = new ClassicLevel(folder);
    await level.put('1/settings', 'x');
    await level.close();
    await expect(open(folder)).rejects.toMatchObject({ code: 'STORE_FOREIGN' });
    const again = new ClassicLevel(folder);
    expect(await again.get('1/settings')).toBe('x');
    await again.close();
  });

  it('because a newer version has made it', async () => {
    const folder = newFolder();
    const level = new ClassicLevel(folder);
    await level.put('busbar', '{"format":2}');
    await level.close();
    await expect(open(folder)).rejects.toMatchObject({
      code: 'STORE_VERSION',
      message: expect.stringMatching(/format 2.*reads 1/),
    });
  });

  it('because another storage has it open, until that is closed', async () => {
    const folder = newFolder();
    const storage = await open(folder);
    await expect(open(folder)).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      message: expect.stringMatching(/another process|end it/),
    });
    await storage.close();
    await (await open(folder)).close();
  });

  it('because another storage has it open, also if its files are not as they should be meanwhile', async () => {
    const folder = newFolder();
    const storage = await open(folder);
    const current = join(folder, 'CURRENT');
    const content = readFileSync(current);
    writeFileSync(current, 'MANIFEST-999999\n');
    await expect(open(folder)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    writeFileSync(current, content);
    await storage.close();
    await (await open(folder)).close();
  });

  it('because its folder cannot be made', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    // Not even root can make the second, in which Node.js would try for ever.
    for (const folder of [join(file, 'state'), '/proc/busbar', '/proc/busbar/state']) {
      await expect(open(folder)).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringContaining(`the folder ${folder} of the store cannot be made: E`),
      });
    }
  });

  it('because its folder is a file', async () => {
    await expect(open(join(root, 'file'))).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  it('because its files are damaged', async () => {
    const folder = newFolder();
    const first = await keepIn(levelStore(new ClassicLevel(folder)));
    first.unit.holdingRegisters.set(0, new Array(300).fill(0x1234));
    await first.storage.close();
    const manifest = readdirSync(folder).find((name) => name.startsWith('MANIFEST'));
    writeFileSync(join(folder, manifest ?? ''), 'rubbish'.repeat(20));
    await expect(open(folder)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringMatching(/damaged: put back a copy/),
    });
  });

  it('because an entry of a unit is missing, changed, or of another kind', async () => {
    const damages: ((content: Map<string, Uint8Array>) => void)[] = [
      (content) => content.delete('1/holdingRegisters/1'),
      (content) => content.get('1/holdingRegisters/0')?.fill(1, 20, 21),
      (content) => content.set('1/holdingRegisters/9', new Uint8Array(18)),
      (content) => content.delete('1/digest'),
    ];
    for (const damage of damages) {
      const store = new MemoryStore();
      const { unit, storage } = await keepIn(store);
      unit.holdingRegisters.set(0, new Array(300).fill(0x1234));
      await storage.close();
      damage(store.content);
      await expect(keepIn(store)).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
        message: expect.stringMatching(/unit 1.*missing or changed/),
      });
    }
  });
});
