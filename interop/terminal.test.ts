import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './helpers/folder.js';
import { PYTHON, run } from './helpers/process.js';

const COMMAND = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));
const CLOSING = fileURLToPath(new URL('clients/closed_terminal.py', import.meta.url));

test('on a terminal, SIGHUP loads the config again, and the end of the terminal stops the command', async () => {
  const folder = temporaryFolder();
  const config = join(folder.path, 'busbar.yaml');
  writeFileSync(config, 'listen: [{ type: tcp, port: 0 }]\nunits: [{ id: 1 }]\n');
  try {
    const ended = await run(PYTHON, [CLOSING, process.execPath, COMMAND, 'serve', '--config', config]);
    expect(ended).toEqual({ code: 0, stdout: '0\n', stderr: '' });
  } finally {
    folder.remove();
  }
});
