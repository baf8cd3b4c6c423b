import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../../interop/helpers/document.js';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const blocks = blocksOf('docs/files.md');

function block(language: string): string {
  const { lines = [] } = blocks.find((each) => each.language === language) ?? {};
  return `${lines.join('\n')}\n`;
}

describe('docs/files.md', () => {
  test('shows what init says', async () => {
    using folder = folderWith({});
    const [command, ...said] = block('console').split('\n');
    const { stdout } = await busbar(command.split(' ').slice(2), { cwd: folder.path });
    expect(said.slice(0, 2)).toEqual(stdout.trimEnd().split('\n'));
  });

  test('shows what the table becomes, and how it is exported', async () => {
    using folder = folderWith({ 'points.csv': block('csv') });
    const run = (...args: string[]) => busbar(args, { cwd: folder.path });
    expect(await run('import', 'csv', 'points.csv')).toEqual({ code: 0, stdout: block('yaml'), stderr: '' });
    expect(await run('import', 'csv', 'points.csv', '-o', 'points.yaml')).toMatchObject({ code: 0 });
    expect(await run('export', 'markdown', join('points.yaml'))).toEqual({
      code: 0,
      stdout: block('markdown'),
      stderr: '',
    });
  });
});
