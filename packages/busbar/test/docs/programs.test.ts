import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programsOf, root } from '../../../../interop/helpers/document.js';
import { runNode, runProgram } from './running.js';

const WITHOUT_PROGRAMS = new Set([
  'docs/api.md',
  'docs/architecture.md',
  'docs/bundlers.md',
  'docs/config.md',
  'docs/console.md',
  'docs/files.md',
  'docs/high-availability.md',
  'docs/keeping.md',
  'docs/metrics.md',
  'docs/rtu.md',
  'docs/scripting.md',
  // It needs a Redis: interop/sharing/documented.test.ts runs it.
  'docs/sharing.md',
]);
const GUIDES = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));
const DOCUMENTS = [
  'README.md',
  'packages/busbar/README.md',
  'packages/simulator/README.md',
  ...GUIDES.filter((file) => !WITHOUT_PROGRAMS.has(file)),
];
const programs = DOCUMENTS.flatMap(programsOf);

describe('a program of the documents', () => {
  test('is found in each of them', () => {
    for (const file of DOCUMENTS)
      expect(
        programs.some(({ name }) => name.startsWith(`${file}:`)),
        file,
      ).toBe(true);
  });

  test.each(programs)('prints what is said and ends without an error: $name', async (program) => {
    const { code, stdout, stderr } = await runProgram(program);
    const printed = stdout
      .replaceAll(/port \d+/g, 'port 5020')
      .split('\n')
      .slice(0, -1);
    expect({ code, printed, stderr }).toEqual({ code: 0, printed: program.output, stderr: '' });
  });

  test('is right to a strict TypeScript compiler', async () => {
    // Inside the workspace, where the library is found by its name as a user's compiler finds it.
    const cache = join(root, 'node_modules', '.cache', 'busbar');
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'docs-'));
    try {
      const files = programs.map(({ name, source }) => {
        const file = `${name.replaceAll(/[^\w]/g, '-')}.mts`;
        writeFileSync(join(folder, file), source);
        return file;
      });
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }));
      const { code, stdout } = await runNode([join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};
