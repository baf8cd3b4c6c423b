import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { onFreePort, root } from '../../../../interop/helpers/document.js';
import { hex } from '../helpers/hex.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';

/** The example, with the port that the system chooses. */
function startExample(scans: number) {
  const child = spawn(process.execPath, ['--input-type=module', '-', String(scans)], { cwd: root });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.end(onFreePort(readFileSync(join(root, 'examples/scan-loop.mjs'), 'utf8')));
  let output = '';
  const serving = new Promise<number>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      const port = /serving on port (\d+)\n/.exec(output);
      if (port !== null) resolve(Number(port[1]));
    });
  });
  const ended = once(child, 'close').then(([code]) => ({ code, lines: output.split('\n').slice(1, -1) }));
  return { child, serving, ended };
}

test('the scan loop of the examples answers its clients and takes what they write', async () => {
  const { child, serving, ended } = startExample(1_000_000);
  const client = await MbapClient.connect({ host: '127.0.0.1', port: await serving });
  await ask(client, 1, 'fc:10 start:0000 quantity:0002 count:04 values:42C8_0000');
  await ask(client, 1, 'fc:05 address:0000 value:FF00');
  // The level rises scan by scan, until the alarm is raised.
  const alarm = () => ask(client, 1, 'fc:02 start:0000 quantity:0001');
  await expect.poll(alarm).toBe('020101');
  const reply = Buffer.from(await client.request(1, hex('fc:04 start:0000 quantity:0004')));
  expect(reply.readFloatBE(2)).toBeGreaterThan(80);
  expect(reply.readUInt32BE(6)).toBeGreaterThan(0);
  await client.close();
  child.kill('SIGKILL');
  const { lines } = await ended;
  expect(lines.slice(0, 2)).toEqual(['holdingRegisters 0: 17096,0', 'coils 0: true']);
});

test('the scan loop of the examples ends by itself after as many scans as it is told', async () => {
  const { ended } = startExample(5);
  expect(await ended).toEqual({ code: 0, lines: ['stopped after 5 scans'] });
});
