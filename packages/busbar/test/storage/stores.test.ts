import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { levelStore } from 'busbar/storage';
import { storeChecks } from 'busbar/testing';
import { ClassicLevel } from 'classic-level';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeWithSqlite } from '../../../../scripts/node-binaries.mjs';
import { sqliteChecks } from './sqlite-checks.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'busbar-stores-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a store by classic-level', () => {
  it.each(storeChecks.map((each, i) => ({ ...each, i })))('$title', async ({ check, i }) => {
    await check(() => levelStore(new ClassicLevel(join(folder, `level-${i}`))));
  });
});

describe('a store by node:sqlite', () => {
  let results: Record<string, string | null> = {};

  // This Node.js may have none: the checks run on one that has.
  beforeAll(() => {
    const node = nodeWithSqlite();
    if (node === undefined) throw new Error('no Node.js with node:sqlite is here: npm test fetches one');
    const program = join(folder, 'checks.mjs');
    buildSync({
      entryPoints: [fileURLToPath(new URL('sqlite-child.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      tsconfig: join(root, 'tsconfig.base.json'),
    });
    const { stdout, stderr } = spawnSync(node, ['--no-warnings', program], { encoding: 'utf8' });
    if (stdout === '') throw new Error(`the checks have not run: ${stderr}`);
    results = JSON.parse(stdout);
  }, 120_000);

  it.each(sqliteChecks.map(({ title }) => title))('%s', (title) => {
    expect(results[title]).toBe(null);
  });
});
