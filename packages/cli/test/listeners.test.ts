import { existsSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPort } from '../../../interop/helpers/open-port.js';
import { createPtyPair, type PtyPair } from '../../../interop/helpers/pty.js';
import { askByDatagram, connected, connectedTo, exchange, request } from './helpers/client.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const UNITS = 'units: [{ id: 1, name: boiler, holdingRegisters: [{ start: 0, values: [20, 21, 22] }] }]';
const READ = '0300000003';
const REPLY = '0306001400150016';
/** The same for unit 1 with its CRC, and as text with its LRC. */
const RTU_READ = `01${READ}05cb`;
const RTU_REPLY = `01${REPLY}817c`;
const ASCII_READ = Buffer.from(`:01${READ}F9\r\n`).toString('hex');
const ASCII_REPLY = Buffer.from(`:01${REPLY}B7\r\n`).toString('hex');
/** For unit 2, and for unit 1 behind it. */
const RTU_OTHER_THEN_READ = `02${READ}05f8${RTU_READ}`;

function config(...listeners: string[]): string {
  return [...listeners.map((listener, i) => `${i === 0 ? 'listen:\n' : ''}  - ${listener}`), UNITS, ''].join('\n');
}

describe('datagrams', () => {
  test('are answered on a listener of the config', async () => {
    using folder = folderWith({ 'a.yaml': config('{ type: udp, port: 0, functions: [4] }') });
    const { serving, ports, before } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    expect(before).toContainEqual(expect.objectContaining({ event: 'listening', type: 'udp', host: '127.0.0.1' }));
    expect(await askByDatagram(ports[0], 1, READ)).toBe('8301');
  });

  test('are answered on that of --udp', async () => {
    using folder = folderWith({ 'a.yaml': config('{ type: udp, port: 0, functions: [4] }') });
    const args = ['--config', 'a.yaml', '--udp', '127.0.0.1:0', '--log-level', 'debug'];
    const { serving, ports } = await Serving.start(args, folder.path);
    await using _ = serving;
    expect(await askByDatagram(ports[0], 1, READ)).toBe(REPLY);
    expect(await serving.next('request')).toMatchObject({ peer: { transport: 'udp', address: '127.0.0.1' } });
  });
});

describe('a Unix domain socket', () => {
  test.each([
    ['of the config is looked up from its folder', []],
    ['of --unix is looked up from the own one', ['--unix', 'a.sock']],
  ])('%s', async (_name, more) => {
    using other = folderWith({ 'a.yaml': config(`{ type: unix, path: a.sock }`) });
    using own = folderWith({});
    const args = ['--config', join(other.path, 'a.yaml'), ...more];
    const { serving, before } = await Serving.start(args, own.path);
    await using _ = serving;
    const given = more.length > 0;
    const path = join(given ? own.path : other.path, 'a.sock');
    const named = given ? 'a.sock' : path;
    expect(before).toContainEqual(expect.objectContaining({ event: 'listening', type: 'unix', path: named }));
    const socket = await connectedTo(path);
    expect(await request(socket, 1, READ)).toBe(REPLY);
    expect(await serving.next('connect')).toMatchObject({ listener: `unix ${named}`, peer: { transport: 'unix' } });
    socket.end();
    await serving.next('disconnect');
    expect(await serving.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(path)).toBe(false);
  });
});

test('permissions of a Unix domain socket are octal, however they are written', async () => {
  const modes = ['0660', '660', '0o660', '"0660"', "'660'"];
  const listeners = modes.map((mode, i) => `{ type: unix, path: ${i}.sock, mode: ${mode} }`);
  using folder = folderWith({ 'a.yaml': config(...listeners, '{ "type": "unix", "path": "5.sock", "mode": 600 }') });
  const { serving } = await Serving.start(['--config', 'a.yaml'], folder.path);
  await using _ = serving;
  const found = [0, 1, 2, 3, 4, 5].map((i) => statSync(join(folder.path, `${i}.sock`)).mode & 0o777);
  expect(found).toEqual([0o660, 0o660, 0o660, 0o660, 0o660, 0o600]);
});

test('a socket path that the system would cut is refused by --check, from the config and from --unix', async () => {
  const long = 'x'.repeat(120);
  using folder = folderWith({ 'a.yaml': config(`{ type: unix, path: ${long} }`), 'b.yaml': config() });
  const checked = await busbar(['serve', '--config', join(folder.path, 'a.yaml'), '--check']);
  expect(checked).toMatchObject({ code: 2, stdout: '' });
  expect(checked.stderr).toMatch(/a\.yaml:2:25: listen\[0\]\.path: the path of a socket has at most 10[37] bytes here/);
  const given = await busbar(['serve', '--config', join(folder.path, 'b.yaml'), '--unix', long, '--check']);
  expect(given).toMatchObject({ code: 2, stdout: '' });
  expect(given.stderr).toMatch(/^busbar: --unix x+: the path of a socket has at most 10[37] bytes here, found 120/);
  expect(readdirSync(folder.path).toSorted()).toEqual(['a.yaml', 'b.yaml']);
});

describe('frames of a serial line', () => {
  test.each([
    ['rtu', RTU_READ, RTU_REPLY],
    ['ascii', ASCII_READ, ASCII_REPLY],
  ])('come over TCP with the framing %s', async (framing, bytes, reply) => {
    using folder = folderWith({ 'a.yaml': config(`{ type: tcp, port: 0, framing: ${framing} }`) });
    const { serving, ports } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    const socket = await connected(ports[0]);
    expect(await exchange(socket, bytes, reply.length / 2)).toBe(reply);
    socket.destroy();
  });

  test('for other stations stay unanswered, whatever the other listeners do', async () => {
    const text = `${config('{ type: tcp, port: 0, framing: rtu }', '{ type: tcp, port: 0 }')}unknownUnit: any\n`;
    using folder = folderWith({ 'a.yaml': text });
    const { serving, ports } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    const [rtu, mbap] = [await connected(ports[0]), await connected(ports[1])];
    expect(await exchange(rtu, RTU_OTHER_THEN_READ, RTU_REPLY.length / 2)).toBe(RTU_REPLY);
    expect(await request(mbap, 2, READ)).toBe(REPLY);
    rtu.destroy();
    mbap.destroy();
  });
});

describe('a serial port', () => {
  let line: PtyPair;
  beforeEach(async () => {
    line = await createPtyPair();
  });
  afterEach(() => line.remove());

  test.each([
    ['rtu', [], RTU_READ, RTU_REPLY],
    ['ascii', ['--ascii'], ASCII_READ, ASCII_REPLY],
  ])('of --serial speaks %s', async (_name, more, bytes, reply) => {
    using folder = folderWith({ 'a.yaml': UNITS });
    const args = ['--config', 'a.yaml', '--serial', line.a, '--baud', '9600', '--parity', 'none', ...more];
    const { serving, before } = await Serving.start(args, folder.path);
    await using _ = serving;
    expect(before).toContainEqual(expect.objectContaining({ event: 'listening', type: 'serial', path: line.a }));
    const port = await openPort(line.b);
    expect(await exchange(port, bytes, reply.length / 2)).toBe(reply);
    port.destroy();
  });

  test('of the config is looked up from its folder, and opened again when it is lost', async () => {
    const listener = '{ type: serial, path: ./port, parity: none, reconnect: { initialDelay: 20, maxDelay: 40 } }';
    using folder = folderWith({ 'a.yaml': config(listener) });
    const path = join(folder.path, 'port');
    symlinkSync(line.a, path);
    const { serving } = await Serving.start(['--config', join(folder.path, 'a.yaml')]);
    await using _ = serving;
    await line.unplug();
    const lost = await serving.next('portLost');
    expect(lost).toMatchObject({ level: 'warn', listener: `serial ${path}`, reopening: true });

    await line.plug();
    expect(await serving.next('portOpened')).toMatchObject({ level: 'info', listener: `serial ${path}` });
    const port = await openPort(line.b);
    expect(await exchange(port, RTU_READ, RTU_REPLY.length / 2)).toBe(RTU_REPLY);
    port.destroy();
    expect(await serving.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });

  test('that is lost for good ends the command where there is no other listener', async () => {
    using folder = folderWith({ 'a.yaml': config(`{ type: serial, path: ${line.a}, reconnect: false }`) });
    const { serving } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    await line.unplug();
    expect(await serving.next('portLost')).toMatchObject({ reopening: false });
    expect(await serving.next('ended')).toMatchObject({ level: 'error', message: 'no listener is left' });
    expect((await serving.end).code).toBe(1);
  });

  test('has its settings and a command in the output for people', async () => {
    await using serving = Serving.pretty(['--serial', line.a]);
    const text = await serving.textUntil('Ctrl-C stops\n');
    expect(text).toContain(`  serial ${line.a}, 19200 baud, 8E1, RTU framing\n`);
    expect(text).toContain('  mbpoll -m rtu -b 19200 -P even -s 1 -a 1 -0 -t 4 -r 0 -c 10 -1 PORT');
    expect(await serving.stop('SIGINT')).toMatchObject({ code: 0, stderr: '' });
  });

  test('has its counters in the log when it is closed', async () => {
    using folder = folderWith({ 'a.yaml': UNITS });
    const { serving } = await Serving.start(['--config', 'a.yaml', '--serial', line.a], folder.path);
    await using _ = serving;
    const port = await openPort(line.b);
    expect(await exchange(port, RTU_OTHER_THEN_READ, RTU_REPLY.length / 2)).toBe(RTU_REPLY);
    serving.child.kill('SIGTERM');
    expect(await serving.next('counters')).toMatchObject({
      ...{ level: 'info', line: `serial ${line.a}`, bytesReceived: 16, bytesSent: 11 },
      message: expect.stringContaining(`serial ${line.a}: 16 bytes with 2 frames (1 of other stations), 0 errors, `),
      ...{ messages: 2, foreignFrames: 1, requests: 1, replies: 1, staleReplies: 0 },
      ...{ communicationErrors: 0, resynchronisations: 0, overruns: 0 },
    });
    expect((await serving.end).code).toBe(0);
    port.destroy();
  });

  test('takes its time to answer where the config says so', async () => {
    const listener = `{ type: serial, path: ${line.a}, turnaroundDelay: 60, discardStaleReplies: false, silence: 500 }`;
    using folder = folderWith({ 'a.yaml': config(listener) });
    const { serving } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    const port = await openPort(line.b);
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const begin = performance.now();
      expect(await exchange(port, RTU_READ, RTU_REPLY.length / 2)).toBe(RTU_REPLY);
      times.push(performance.now() - begin);
    }
    // One may be shorter, where the machine halts the server as its timer begins.
    expect(Math.max(...times)).toBeGreaterThanOrEqual(59);
    port.destroy();
  });

  test('that is not there at the start is waited for, while the other listeners serve', async () => {
    using folder = folderWith({
      'a.yaml': config(
        '{ type: serial, path: ./port, parity: none, reconnect: { initialDelay: 20, maxDelay: 40 } }',
        '{ type: tcp, port: 0 }',
      ),
    });
    const path = join(folder.path, 'port');
    const { serving, ports, before } = await Serving.start(['--config', join(folder.path, 'a.yaml')]);
    await using _ = serving;
    expect(before).toContainEqual(
      expect.objectContaining({
        ...{ level: 'warn', event: 'portAwaited', listener: `serial ${path}`, code: 'ENOENT' },
        message: expect.stringMatching(/there is no such port; .*; trying until it opens$/),
      }),
    );
    expect(before).toContainEqual(
      expect.objectContaining({ event: 'listening', message: `serial ${path} waits for its port` }),
    );
    const client = await connected(ports[1]);
    expect(await request(client, 1, READ)).toBe(REPLY);
    client.destroy();

    symlinkSync(line.a, path);
    expect(await serving.next('portOpened')).toMatchObject({ level: 'info', listener: `serial ${path}` });
    const port = await openPort(line.b);
    expect(await exchange(port, RTU_READ, RTU_REPLY.length / 2)).toBe(RTU_REPLY);
    port.destroy();
    expect(await serving.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });

  test('that is waited for is so in the output for people', async () => {
    await using serving = Serving.pretty(['--serial', '/no/such/port']);
    expect(await serving.textUntil('Ctrl-C stops\n')).toContain(
      '  serial /no/such/port, 19200 baud, 8E1, RTU framing\n    waits for the port\n',
    );
    expect(await serving.stop('SIGINT')).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([
    ['--no-wait', '{ type: serial, path: /no/such/port }'],
    ['reconnect: { atStart: false }', '{ type: serial, path: /no/such/port, reconnect: { atStart: false } }'],
    ['reconnect: false', '{ type: serial, path: /no/such/port, reconnect: false }'],
  ])('that does not exist ends the command with code 1 and what to do: %s', async (how, listener) => {
    using folder = folderWith({ 'a.yaml': config('{ type: tcp, port: 0 }', listener) });
    const more = how.startsWith('--') ? [how] : [];
    const { code, stdout, stderr } = await busbar(['serve', '--config', 'a.yaml', ...more], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^busbar: cannot open \/no\/such\/port: there is no such port/);
  });

  test('that is no serial port ends the command, as waiting does not mend that', async () => {
    using folder = folderWith({ port: '' });
    const { code, stderr } = await busbar(['serve', '--serial', join(folder.path, 'port')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^busbar: cannot open .*: this is not a serial port \(ENOTTY\)\n$/);
  });
});

test('the output for people names every listener, and how to try it', async () => {
  const listeners = ['{ type: udp, port: 0 }', '{ type: unix, path: a.sock }', '{ type: tcp, port: 0 }'];
  using folder = folderWith({ 'a.yaml': config(...listeners) });
  await using serving = Serving.pretty(['--config', 'a.yaml'], folder.path);
  const text = await serving.textUntil('Ctrl-C stops\n');
  expect(text).toMatch(/^ {2}udp 127\.0\.0\.1:\d+\n {2}unix a\.sock\n {2}tcp 127\.0\.0\.1:\d+$/m);
  expect(text).toMatch(/^ {2}mbpoll -m tcp -p \d+ -a 1 -0 -t 4 -r 0 -c 3 -1 127\.0\.0\.1$/m);
});
