import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { blocksOf, commandsOf, root } from '../../../interop/helpers/document.js';
import { freePort } from '../../../interop/helpers/free-port.js';
import { Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const blocks = blocksOf('docs/scripting.md');
const commands = blocks.filter(({ language }) => language === 'console').flatMap(commandsOf);
const [script = ''] = blocks.filter(({ language }) => language === 'sh').map(({ lines }) => lines.join('\n'));
const [config = ''] = blocks.filter(({ language }) => language === 'yaml').map(({ lines }) => lines.join('\n'));

/** What a shell prints, on both of its outputs. */
async function shell(text: string, env: Record<string, string>, cwd?: string): Promise<string> {
  const options = { cwd, env: { ...process.env, ...env } };
  const child = spawn('/bin/sh', ['-c', text], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
    });
  }
  await new Promise((resolve) => child.once('close', resolve));
  return printed;
}

/** A folder with the config, and the built command as `busbar`. */
function folderOf(text: string, files: Record<string, string> = {}) {
  const busbar = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'packages/cli/bin/busbar.js')}' "$@"\n`;
  const folder = folderWith({ 'boiler.yaml': text, busbar, ...files });
  onTestFinished(() => folder[Symbol.dispose]());
  for (const name of ['busbar', ...Object.keys(files)]) chmodSync(join(folder.path, name), 0o755);
  return { folder: folder.path, PATH: `${folder.path}${delimiter}${process.env.PATH}` };
}

test('the commands of docs/scripting.md print what it says, one after the other', async () => {
  const { folder, PATH } = folderOf(config.replace('5020', '0').replace('http: {}', 'http: { port: 0 }'));
  const { serving, before } = await Serving.start(['--config', join(folder, 'boiler.yaml')]);
  onTestFinished(() => serving[Symbol.asyncDispose]());
  const env = { BUSBAR_URL: String(before.find(({ event }) => event === 'http')?.url), PATH };
  expect(commands.length).toBeGreaterThan(15);
  for (const { text, output } of commands) {
    expect([text, ...(await shell(text, env)).trimEnd().split('\n')]).toEqual([text, ...output]);
  }
}, 60_000);

/** A client that writes the set point again and again, and switches the pump off while the boiler is overheated. */
const CONTROLLER = `#!${process.execPath}
const socket = require('node:net').connect(process.argv[2].split(':')[1], '127.0.0.1');
const ask = (pdu) => socket.write(Buffer.from('00010000000601' + pdu, 'hex'));
const steps = [() => ask('060000020d'), () => ask('0300020001')];
socket.on('data', (reply) => {
  if (reply[7] === 3) ask(reply[10] & 1 ? '0500000000' : '050000ff00');
  else if (reply[7] === 6) steps[1]();
  else setTimeout(steps[0], 20);
});
socket.on('connect', steps[0]);
socket.on('close', () => process.exit());
`;

test('the script of docs/scripting.md tests a controller to its end', async () => {
  const [modbus, http] = [await freePort(), await freePort()];
  const { folder, PATH } = folderOf(
    config.replace('5020', `${modbus}`).replace('http: {}', `http: { port: ${http} }`),
    {
      controller: CONTROLLER,
      test: script.replace('5020', `${modbus}`),
    },
  );
  const env = { BUSBAR_URL: `http://127.0.0.1:${http}`, PATH };
  const printed = await shell('./test && echo "it has passed"', env, folder);
  expect(printed.replace(/^busbar: .* cannot be reached: it is waited for\n/, '').split('\n')).toEqual([
    ...['on', '52.5', 'alarms overheated', 'off', 'busy is on', 'alarms none', 'on', 'it has passed', ''],
  ]);
}, 120_000);
