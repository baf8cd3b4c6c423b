import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onFreePort, root } from '../../../../interop/helpers/document.js';
import { runNode } from './running.js';

describe('an example ends by itself and prints what it got', () => {
  test.each([
    ['websocket.mjs', ['serving on port 5020', '127.0.0.1 has connected', 'registers: 20, 21, 22']],
    ['unix-socket.mjs', ['serving on boiler.sock', 'registers: 20, 21, 22']],
  ])('%s', async (name, lines) => {
    const source = onFreePort(readFileSync(join(root, 'examples', name), 'utf8'));
    const { code, stdout, stderr } = await runNode(['--input-type=module', '-'], { input: source });
    const printed = stdout
      .replace(/port \d+/, 'port 5020')
      .split('\n')
      .slice(0, -1);
    expect({ code, printed, stderr }).toEqual({ code: 0, printed: lines, stderr: '' });
  });
});

test('binary-framing.mjs prints the frame of a reply', async () => {
  const printed = { code: 0, stdout: '7b01030600147b7b7d7d0016' + '6a4d7d\n', stderr: '' };
  expect(await runNode(['examples/binary-framing.mjs'])).toEqual(printed);
});

test('the tests of the example in-memory.mjs pass', async () => {
  const { code, stdout, stderr } = await runNode(['--test', '--test-reporter=tap', 'examples/in-memory.mjs']);
  expect({ code, stdout, stderr }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('# pass 2\n'),
    stderr: '',
  });
});
