import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDocument } from '../../../../interop/helpers/document.js';

const [, way = ''] = readDocument('docs/architecture.md').split('\n## The way of one request\n');
const steps = way.split('\n').flatMap((line) => {
  const step = /^\| (\d+) \| `([\w/-]+\.ts)` (.*?) \|/.exec(line);
  return step
    ? [{ step: step[1], file: step[2], names: [...step[3].matchAll(/`(#?\w+)`/g)].map(([, name]) => name) }]
    : [];
});

test('the way of one request has all its steps', () => {
  expect(steps.length).toBeGreaterThan(8);
});

test.each(steps)('step $step of the way of one request leads through $file', ({ file, names }) => {
  const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
  expect(names).not.toEqual([]);
  expect(names.filter((name) => !new RegExp(`(?<!\\w)${name}\\b`).test(source))).toEqual([]);
});
