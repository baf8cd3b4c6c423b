import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blocksOf, commandsOf, readDocument, root } from '../../../../interop/helpers/document.js';
import { runNode } from './running.js';

const COMMAND = join(root, 'packages/cli/dist/main.js');
const DOCUMENTS = ['README.md', 'packages/cli/README.md', 'docs/points.md'];

const configs = DOCUMENTS.flatMap((file) =>
  blocksOf(file)
    .filter(({ language }) => language === 'yaml')
    .map(({ lines, line }) => ({ name: `${file}:${line}`, file: lines[0].replace(/^# /, ''), text: lines.join('\n') })),
);

/** Runs the built command beside a config of the documents. */
async function busbar(config: (typeof configs)[number], args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-docs-'));
  try {
    writeFileSync(join(folder, config.file), config.text);
    return await runNode([COMMAND, ...args], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a config of the documents', () => {
  test('is found in each of them, with its name in its first line', () => {
    expect(configs.length).toBeGreaterThanOrEqual(DOCUMENTS.length);
    for (const { name, file } of configs) expect(file, name).toMatch(/^\w+\.yaml$/);
  });

  test.each(configs)('is taken by the command: $name', async (config) => {
    const { code, stdout, stderr } = await busbar(config, ['serve', '--config', config.file, '--check']);
    expect({ code, stdout, stderr }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/: ok, .*\n$/),
      stderr: '',
    });
  });
});

describe('a command of the documents', () => {
  const commands = blocksOf('README.md')
    .filter(({ language }) => language === 'console')
    .flatMap(commandsOf);
  const checks = commands.filter(({ text }) => /^npx busbar .*--check\b/.test(text));

  test.each(checks)('prints what is said: $text', async ({ text, output }) => {
    const { code, stdout } = await busbar(configs[0], text.split(' ').slice(2));
    expect({ code, printed: stdout.trimEnd().split('\n') }).toEqual({ code: 0, printed: output });
  });

  test('of npm is one that there is', () => {
    const { scripts } = JSON.parse(readDocument('package.json'));
    for (const file of ['README.md', 'CONTRIBUTING.md', 'bench/README.md']) {
      for (const [text, name] of readDocument(file).matchAll(/npm (?:run )?(start|test|(?<=run )[\w-]+)/g)) {
        expect(Object.keys(scripts), `${file}: ${text}`).toContain(name);
      }
    }
  });

  test('has only options that the command has', async () => {
    const names = ['serve', 'init', 'import', 'export', 'print', 'set', 'wait'];
    const helps = await Promise.all(names.map((name) => runNode([COMMAND, name, '--help'])));
    const stdout = helps.map((help) => help.stdout).join('');
    const shown = DOCUMENTS.flatMap((file) => [...readDocument(file).matchAll(/busbar .*?--[\w-]+|`(--[\w-]+)/g)]);
    const options = new Set(shown.map(([text]) => text.slice(text.indexOf('--'))));
    expect(options).toContain('--config');
    for (const option of options) expect(stdout).toContain(option);
  });
});
