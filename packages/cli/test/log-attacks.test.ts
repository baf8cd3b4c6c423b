import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Certificates } from './helpers/certificates.js';
import { ask, connected, connectedTo, request } from './helpers/client.js';
import { busbar, type Entry, Serving, started } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const READ = '0300000001';
/** 123 registers from address 0: a line of the log at the level debug is longer than 1 KB. */
const WRITE = `100000007bf6${'1234'.repeat(123)}`;

/** Asks a command of which there is no log to wait for. */
async function askOn(path: string, child: ChildProcess): Promise<string> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the command has ended with ${child.exitCode}`);
    const socket = await connectedTo(path).catch(() => undefined);
    if (socket === undefined) continue;
    const reply = await request(socket, 1, READ);
    socket.destroy();
    return reply;
  }
}

describe('a full disk under the log', () => {
  test.each([
    ['pretty', 'info'],
    ['json', 'debug'],
  ])('does not end the command: %s at %s', async (format, level) => {
    using folder = folderWith({});
    const path = join(folder.path, 's');
    const full = openSync('/dev/full', 'w');
    const args = ['serve', '--unix', path, '--log-format', format, '--log-level', level];
    const { child, end } = started(args, { stdout: full });
    closeSync(full);
    try {
      for (let i = 0; i < 3; i++) expect(await askOn(path, child)).toBe('03020000');
      child.kill('SIGTERM');
      expect(await end).toMatchObject({ code: 0, stderr: '' });
    } finally {
      child.kill('SIGKILL');
    }
  });

  test.each([['serve', '--print-schema'], ['serve', '--check', '--config', 'a.yaml'], ['--version']])(
    'is said where the output is what was asked for: %s %s',
    async (...args) => {
      using folder = folderWith({ 'a.yaml': 'units: [{ id: 1 }]' });
      const full = openSync('/dev/full', 'w');
      const { end } = started(args, { stdout: full, cwd: folder.path });
      closeSync(full);
      expect(await end).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^busbar: the output can't be written: .*ENOSPC.*\n$/),
      });
    },
  );
});

/** Each client's requests are logged up to a limit. */
const CLIENTS = 10;

function clients(port: number): Promise<Socket[]> {
  return Promise.all(Array.from({ length: CLIENTS }, (_, i) => connected(port, '127.0.0.1', `127.0.0.${i + 2}`)));
}

async function writeManyTimes(socket: Socket): Promise<void> {
  for (let i = 0; i < 100; i++) expect(await request(socket, 1, WRITE)).toBe('100000007b');
}

describe('a reader of the log that stalls', () => {
  test('makes it lose lines and count them, and goes on with it when it reads again', async () => {
    const { serving, ports } = await Serving.start(['--tcp', '127.0.0.1:0', '--log-level', 'debug']);
    await using _ = serving;
    const sockets = await clients(ports[0]);
    serving.child.stdout?.pause();
    for (const socket of sockets) await writeManyTimes(socket);
    serving.child.stdout?.resume();
    const entries = await serving.until('logLost');
    const lost = Number(entries.at(-1)?.lines);
    expect(lost).toBeGreaterThan(0);
    expect(entries.filter(({ event }) => event === 'request')).toHaveLength(CLIENTS * 100 - lost);
    const last = await connected(ports[0], '127.0.0.1', '127.0.0.200');
    await request(last, 1, WRITE);
    expect(await serving.next('request')).toMatchObject({ request: { address: 0 } });
    for (const socket of [...sockets, last]) socket.destroy();
    expect((await serving.stop('SIGTERM')).code).toBe(0);
  });

  test('does not keep the command from ending', async () => {
    const { serving, ports } = await Serving.start(['--tcp', '127.0.0.1:0', '--log-level', 'debug']);
    await using _ = serving;
    serving.child.stdout?.pause();
    for (const socket of await clients(ports[0])) {
      await writeManyTimes(socket);
      socket.destroy();
    }
    const exit = new Promise((resolve) => serving.child.once('exit', resolve));
    serving.child.kill('SIGTERM');
    expect(await exit).toBe(0);
    serving.child.stdout?.resume();
  });
});

test('a client that connects all the time fills the log with some lines and a count', async () => {
  const { serving, ports } = await Serving.start(['--tcp', '127.0.0.1:0']);
  await using _ = serving;
  const ATTEMPTS = 300;
  const begin = performance.now();
  for (let i = 0; i < ATTEMPTS; i++) await ask(ports[0], 1, READ);
  const { stdout } = await serving.stop('SIGTERM');
  const periods = Math.ceil((performance.now() - begin) / 10_000) + 1;
  const entries: Entry[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const shown = entries.filter(({ event }) => event === 'connect').length;
  const counted = entries.filter(({ repeated }) => repeated === 'connect').map(({ count }) => Number(count));
  expect(shown).toBeLessThanOrEqual(20 * periods);
  expect(shown + counted.reduce((sum, count) => sum + count, 0)).toBe(ATTEMPTS);
  expect(entries.at(-1)).toMatchObject({ event: 'stopped' });
});

test('a role in a certificate neither ends a line of the log nor steers the terminal', async () => {
  const role = 'operator\n12:00:00 info  stopped\u001b[2J\u009b1m';
  using folder = folderWith({});
  const certificates = new Certificates(folder.path);
  certificates.issue('evil', { role });
  const listener = 'type: tls, port: 0, certFile: server.pem, keyFile: server.key, caFile: ca.pem, roles: []';
  using config = folderWith({
    'a.yaml': `listen: [{ ${listener.replace(/(\w+\.(pem|key))/g, `${folder.path}/$1`)} }]\nunits: [{ id: 1 }]`,
  });
  await using serving = Serving.pretty(['--config', join(config.path, 'a.yaml')]);
  const [, port] = /^ {2}tls 127\.0\.0\.1:(\d+)$/m.exec(await serving.textUntil('Ctrl-C stops')) ?? [];
  const socket = await certificates.connected(Number(port), 'evil');
  expect(await request(socket, 1, READ)).toBe('8301');
  socket.destroy();
  const text = await serving.textUntil('denied');
  expect(text).toContain('(role operator\\u000a12:00:00 info  stopped\\u001b[2J\\u009b1m) was denied');
  for (const raw of ['\n12:00:00', '\u001b', '\u009b']) expect(text).not.toContain(raw);
});

test('wrong keys of a config and wrong words of a command line show what would steer the terminal', async () => {
  using folder = folderWith({ 'a.yaml': '"\\e[2Jx": 1\nunits: [{ id: 1 }]' });
  const config = await busbar(['serve', '--config', 'a.yaml'], { cwd: folder.path });
  expect(config.stderr).toMatch(/^a\.yaml:1:1: \\u001b\[2Jx: unknown key; /);
  const usage = await busbar(['\u001b[2J']);
  expect(usage.stderr).toMatch(/^busbar: unknown command "\\u001b\[2J"/);
});
