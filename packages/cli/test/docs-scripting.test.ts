import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { blocksOf, commandsOf, root } from '../../../interop/helpers/document.js';
import { Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const blocks = blocksOf('docs/scripting.md');
const commands = blocks.filter(({ language }) => language === 'console').flatMap(commandsOf);
const [config = ''] = blocks.filter(({ language }) => language === 'yaml').map(({ lines }) => lines.join('\n'));

/** What a shell prints, on both of its outputs. */
async function shell(text: string, env: Record<string, string>): Promise<string> {
  const child = spawn('/bin/sh', ['-c', text], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
    });
  }
  await new Promise((resolve) => child.once('close', resolve));
  return printed;
}

test('the commands of docs/scripting.md print what it says, one after the other', async () => {
  const folder = folderWith({
    'boiler.yaml': config.replace('5020', '0').replace('http: {}', 'http: { port: 0 }'),
    busbar: `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'packages/cli/bin/busbar.js')}' "$@"\n`,
  });
  onTestFinished(() => folder[Symbol.dispose]());
  chmodSync(join(folder.path, 'busbar'), 0o755);
  const { serving, before } = await Serving.start(['--config', join(folder.path, 'boiler.yaml')]);
  onTestFinished(() => serving[Symbol.asyncDispose]());
  const url = String(before.find(({ event }) => event === 'http')?.url);
  const env = { BUSBAR_URL: url, PATH: `${folder.path}${delimiter}${process.env.PATH}` };
  expect(commands.length).toBeGreaterThan(15);
  for (const { text, output } of commands) {
    expect([text, ...(await shell(text, env)).trimEnd().split('\n')]).toEqual([text, ...output]);
  }
}, 60_000);
