import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readDocument } from '../../../../interop/helpers/document.js';
import { runNode } from './running.js';

/** A function of the library that one read of ten registers enters, as `scripts/doors.mjs` prints it. */
interface Door {
  file: string;
  name: string;
}

/** No more than this should a reader of the code have to look up. */
const MAX_FILES = 12;
const MAX_FUNCTIONS = 40;

const [, way = ''] = readDocument('docs/architecture.md').split('\n## The way of one request\n');
const steps = way.split('\n').flatMap((line) => {
  const step = /^\| (\d+) \| `([\w/-]+\.ts)` (.*?) \|/.exec(line);
  return step
    ? [{ step: step[1], file: step[2], names: [...step[3].matchAll(/`(#?\w+)`/g)].map(([, name]) => name) }]
    : [];
});

describe('the way of one request', () => {
  let doors: Door[] = [];

  beforeAll(async () => {
    const { code, stdout, stderr } = await runNode(['scripts/doors.mjs', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    doors = JSON.parse(stdout);
  }, 60_000);

  test('has all its steps', () => {
    expect(steps.length).toBeGreaterThan(8);
    expect(steps.filter(({ names }) => names.length === 0)).toEqual([]);
  });

  test('leads through few files and functions', () => {
    expect(new Set(doors.map(({ file }) => file)).size).toBeLessThanOrEqual(MAX_FILES);
    expect(doors.length).toBeLessThanOrEqual(MAX_FUNCTIONS);
  });

  test('is gone in this order', () => {
    const told = steps.flatMap(({ file, names }) => names.map((name) => `${file} ${name}`));
    const gone = doors.map(({ file, name }) => `${file} ${name}`);
    // What comes later in the table is looked for behind what came before.
    let at = -1;
    const missing = told.filter((door) => {
      const next = gone.indexOf(door, at + 1);
      if (next >= 0) at = next;
      return next < 0;
    });
    expect(missing).toEqual([]);
  });
});

test.each(steps)('step $step of the way of one request leads through $file', ({ file, names }) => {
  const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
  expect(names.filter((name) => !new RegExp(`(?<!\\w)${name}\\b`).test(source))).toEqual([]);
});

interface Linter {
  overrides: {
    includes: string[];
    linter: { rules: { style?: { noRestrictedImports: { options: { patterns: { group: string[] }[] } } } } };
  }[];
}

const linter: Linter = JSON.parse(readDocument('biome.json'));
const [house = ''] = readDocument('docs/architecture.md').split('\n## The way of one request\n');
const layers = house.split('\n').flatMap((line) => {
  const [, name = '', , imports = '', promises] = line.split(' | ').flatMap((cell) => cell.split(/^\| /));
  const folder = /^`(\w+)\/`$/.exec(name)?.[1];
  return folder === undefined || promises === undefined ? [] : [{ folder, imports: imports.match(/\w+/g) ?? [] }];
});

/** The folders that the linter lets a layer import from. */
function permitted(layer: string): string[] {
  const own = linter.overrides.find(({ includes }) => includes.includes(`packages/busbar/src/${layer}/**`));
  const groups = own?.linter.rules.style?.noRestrictedImports.options.patterns.flatMap(({ group }) => group) ?? [];
  return layers.flatMap(({ folder }) => (folder === layer || groups.includes(`**/${folder}/**`) ? [] : folder));
}

test('the table of layers has every folder of the library', () => {
  const folders = readdirSync(new URL('../../src/', import.meta.url), { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(layers.map(({ folder }) => folder).sort()).toEqual(names.sort());
});

test.each(layers)('the linter holds $folder/ to what its row allows', ({ folder, imports }) => {
  expect(permitted(folder).sort()).toEqual([...imports].sort());
});
