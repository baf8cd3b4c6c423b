import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './helpers/folder.js';
import { LineProcess } from './helpers/lines.js';
import { random } from './helpers/random.js';
import { KINDS, nodeFor } from './storage/kept-server.js';
import { Rig } from './storage/rig.js';
import { type Image, SIZE } from './storage/slots.js';

// What is on a disk may come back damaged. Values that are older, or wrong, must not be taken for those that were
// written: either all are there, or the store is refused, and so it is the next time.

const LOOK = fileURLToPath(new URL('storage/look.mjs', import.meta.url));
const SEED = 11;
const FLIPS = 12;
/** In how many places of a table a bit is another, one after the other. */
const PLACES = 150;
/** Behind the blocks of a table, in bytes: some tell nothing. */
const FOOTER = 48;

type Found = Image | { readonly code: string; readonly message: string };

/** Does something to a file. */
type Damage = (file: string) => void;

/** Without those that a LevelDB never reads: its lock, and what it tells people. */
function filesRead(store: string): string[] {
  return readdirSync(store).filter((name) => !/^LO(CK|G)/.test(name));
}

describe.each(KINDS)('a store of %s', (kind) => {
  const folder = temporaryFolder();
  const good = join(folder.path, 'good');
  const rig = new Rig({ kind, folder: good }, SEED);
  const pick = random(SEED);
  let looker: LineProcess;
  let copies = 0;

  beforeAll(async () => {
    mkdirSync(good);
    // Each start makes a table of the log before.
    for (const compression of [true, false, true, false]) {
      await rig.start({ blockSize: 1024, compression });
      await rig.acknowledge(60);
      await rig.server.end();
    }
    looker = new LineProcess(nodeFor(kind), [LOOK, JSON.stringify({ kind, size: SIZE })]);
  });
  afterAll(async () => {
    await looker.end();
    folder.remove();
  });

  async function look(path: string): Promise<string> {
    const found: Found = JSON.parse(await looker.ask(path));
    return 'code' in found ? found.code : (rig.faultsOf(found)[0] ?? 'all there');
  }

  /** What becomes of copies with damage to each file in turn, the first time and the second; by file. */
  async function outcomes(...damages: Damage[]): Promise<[file: string, first: string, second: string][]> {
    const all: [string, string, string][] = [];
    for (const file of filesRead(good)) {
      for (const damage of damages) {
        copies++;
        const copy = join(folder.path, `copy-${copies}`);
        cpSync(good, copy, { recursive: true });
        damage(join(copy, file));
        all.push([file, await look(copy), await look(copy)]);
        rmSync(copy, { recursive: true });
      }
    }
    return all;
  }

  function expectAllOrRefused(outcomes: [file: string, first: string, second: string][]): void {
    const others = outcomes.filter(
      ([, first, second]) => first !== second || !/^(all there|STORE_[A-Z]+)$/.test(first),
    );
    expect(others).toEqual([]);
    expect(outcomes.some(([, first]) => first === 'STORE_CORRUPT')).toBe(true);
  }

  function flip(file: string): void {
    const bytes = readFileSync(file);
    if (bytes.length === 0) return;
    bytes[pick(bytes.length)]! ^= 1 << pick(8);
    writeFileSync(file, bytes);
  }

  test('is as it was where nothing is damaged', async () => {
    expect(new Set((await outcomes(() => {})).map(([, first]) => first))).toEqual(new Set(['all there']));
  });

  test('has all values or is refused if a bit of a file is another', async () => {
    expectAllOrRefused(await outcomes(...Array<Damage>(FLIPS).fill(flip)));
  });

  test('has all values or is refused if a file is cut or missing', async () => {
    const cutTo = (part: number) => (file: string) => truncateSync(file, Math.floor(statSync(file).size * part));
    const cutLast = (file: string) => truncateSync(file, Math.max(0, statSync(file).size - 1));
    // SQLite has one file: where it is missing or empty, there is a new store.
    const gone = kind === 'level' ? [cutTo(0), (file: string) => rmSync(file)] : [];
    const found = await outcomes(cutTo(0.25), cutTo(0.5), cutTo(0.9), cutLast, ...gone);
    expectAllOrRefused(found);
    expect(found.filter(([, first]) => first === 'STORE_FAILED')).toEqual([]);
  });

  if (kind === 'level') {
    // LevelDB ends the process where it reads some kinds of damage; a few places may have none of them.
    test('is refused wherever a bit of a table or of their list is another, and left as it is', async () => {
      const copy = join(folder.path, 'refused');
      cpSync(good, copy, { recursive: true });
      const found: string[] = [];
      for (const name of readdirSync(copy).filter((name) => /^(\d+\.ldb|MANIFEST.*)$/.test(name))) {
        const bytes = readFileSync(join(copy, name));
        const end = bytes.length - (name.endsWith('.ldb') ? FOOTER : 0);
        for (let n = 0; n < PLACES; n++) {
          const at = Math.floor((n * end) / PLACES);
          const flipped = Buffer.from(bytes);
          flipped[at]! ^= 1 << (n % 8);
          writeFileSync(join(copy, name), flipped);
          found.push(await look(copy));
        }
        writeFileSync(join(copy, name), bytes);
      }
      expect(found.length).toBeGreaterThan(3 * PLACES);
      expect(new Set(found)).toEqual(new Set(['STORE_CORRUPT']));
      for (const name of filesRead(good)) {
        expect(readFileSync(join(copy, name)), name).toEqual(readFileSync(join(good, name)));
      }
      expect(await look(copy)).toBe('all there');
    });

    test('has all values beside tables that were not finished', async () => {
      const copy = join(folder.path, 'unfinished');
      cpSync(good, copy, { recursive: true });
      const table = readFileSync(join(copy, readdirSync(copy).find((name) => name.endsWith('.ldb')) ?? ''));
      writeFileSync(join(copy, '000998.ldb'), table.fill(7, 100, 200));
      writeFileSync(join(copy, '000999.ldb'), table.subarray(0, table.length / 2));
      expect([await look(copy), await look(copy)]).toEqual(['all there', 'all there']);
    });
  }
});
