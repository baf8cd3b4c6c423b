import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./programs/few-descriptors.mjs', import.meta.url));
/** Enough to load the library, whose files are opened at once. */
const DESCRIPTORS = 300;

/** Starts the program with few descriptors. @returns what it prints, line by line. */
function start(): AsyncIterator<string> {
  const command = `ulimit -n ${DESCRIPTORS}; exec "$@"`;
  const child = spawn('/bin/sh', ['-c', command, 'sh', process.execPath, PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

test('a server tells once when the file descriptors have run out, counts it, and tells when it is over', async () => {
  const lines = start();
  const next = async () => JSON.parse((await lines.next()).value ?? '{}');
  const { port } = await next();
  const clients: Socket[] = [];
  for (let i = 0; i < DESCRIPTORS; i++) {
    clients.push(connect({ host: '127.0.0.1', port }).on('error', () => undefined));
  }
  expect(await next()).toEqual({ event: 'exhausted', code: 'EMFILE' });
  for (const client of clients) client.destroy();
  const { event, shortages } = await next();
  expect(event).toBe('freed');
  expect(shortages).toBeGreaterThan(0);
});
