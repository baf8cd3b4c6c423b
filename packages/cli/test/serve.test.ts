import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connected, request } from './helpers/client.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { takenPort } from './helpers/taken-port.js';

const READ_3_HOLDING_REGISTERS = '0300000003';
const LOOPBACK = ['--tcp', '127.0.0.1:0'];

const CONFIG = `listen:
  - { type: tcp, port: 0 }
  - { type: tcp, port: 0, functions: [4], unknownUnit: gatewayPathUnavailable }
identity: { vendorName: Acme, productCode: B, majorMinorRevision: "1" }
units:
  - id: 1
    name: boiler
    coils: [{ start: 0, count: 4 }]
    holdingRegisters: [{ start: 0, values: [20, 21, 22] }]
    inputRegisters: [{ start: 0, values: [7] }]
    files: [{ number: 4, start: 0, values: [5] }]
    fifos: [{ pointer: 1, values: [10, 20] }]
    serverId: { id: 17, additional: text }
    exceptionStatus: 3
    access: { readOnly: [{ table: holdingRegisters, start: 1, count: 1 }] }
  - id: 2
    identity: { vendorName: Other, productCode: C, majorMinorRevision: "2" }
`;

test('it is logged once that file descriptors have run out, and the command goes on', async () => {
  using folder = folderWith({ 'boiler.yaml': CONFIG });
  const { serving, ports } = await Serving.start(['--config', join(folder.path, 'boiler.yaml')], undefined, {
    descriptors: 300,
  });
  await using _ = serving;
  const clients = Array.from({ length: 300 }, () => connect({ host: '127.0.0.1', port: ports[0] }));
  for (const client of clients) client.on('error', () => undefined);
  expect(await serving.next('descriptorsExhausted')).toMatchObject({ level: 'error', code: 'EMFILE' });
  for (const client of clients) client.destroy();
  expect((await serving.stop('SIGTERM')).code).toBe(0);
});

describe('what is served', () => {
  test('the devices of a config, on each of its listeners', async () => {
    using folder = folderWith({ 'boiler.yaml': CONFIG });
    const { serving, ports } = await Serving.start(['--config', join(folder.path, 'boiler.yaml')]);
    await using _ = serving;
    const [first, second] = ports;
    expect(await ask(first, 1, READ_3_HOLDING_REGISTERS)).toBe('0306001400150016');
    expect(await ask(second, 1, READ_3_HOLDING_REGISTERS)).toBe('8301');
    expect(await ask(second, 1, '0400000001')).toBe('04020007');
    expect(await ask(first, 9, READ_3_HOLDING_REGISTERS)).toBe('830b');
    expect(await ask(second, 9, '0400000001')).toBe('840a');
  });

  test('the devices of a config, on each --tcp instead of its listeners', async () => {
    using folder = folderWith({ 'boiler.yaml': CONFIG });
    const args = ['--config', join(folder.path, 'boiler.yaml'), '--tcp', '127.0.0.1:0', '--tcp', '[::1]:0'];
    const { serving, ports } = await Serving.start(args);
    await using _ = serving;
    expect(new Set(ports).size).toBe(2);
    expect(await ask(ports[0], 1, READ_3_HOLDING_REGISTERS)).toBe('0306001400150016');
    expect(await ask(ports[1], 1, READ_3_HOLDING_REGISTERS, '::1')).toBe('0306001400150016');
  });

  test('everything that a unit of the config has', async () => {
    using folder = folderWith({ 'boiler.yaml': CONFIG });
    const { serving, ports } = await Serving.start(['--config', join(folder.path, 'boiler.yaml')]);
    await using _ = serving;
    const socket = await connected(ports[0]);
    const hex = (text: string) => Buffer.from(text).toString('hex');

    expect(await request(socket, 1, '07')).toBe('0703');
    expect(await request(socket, 1, '11')).toBe(`110611ff${hex('text')}`);
    expect(await request(socket, 1, '140706000400000001')).toBe('140403060005');
    expect(await request(socket, 1, '180001')).toBe('1800060002000a0014');
    expect(await request(socket, 1, '0600010000')).toBe('8602');
    expect(await request(socket, 1, '0600020063')).toBe('0600020063');
    expect(await request(socket, 1, '2b0e0400')).toBe(`2b0e0481000001${'0004'}${hex('Acme')}`);
    expect(await request(socket, 2, '2b0e0400')).toBe(`2b0e0481000001${'0005'}${hex('Other')}`);
    socket.destroy();
  });

  test('a test device where no config is given: unit 1, all tables, all addresses, zero', async () => {
    const { serving, ports } = await Serving.start(LOOPBACK);
    await using _ = serving;
    for (const code of ['01', '02']) expect(await ask(ports[0], 1, `${code}ffff0001`)).toBe(`${code}0100`);
    for (const code of ['03', '04']) expect(await ask(ports[0], 1, `${code}ffff0001`)).toBe(`${code}020000`);
  });

  test('a config in JSON, too', async () => {
    const text = JSON.stringify({
      $schema: 'x',
      units: [{ id: 1, holdingRegisters: [{ start: 0, values: [1, 2, 3] }] }],
    });
    using folder = folderWith({ 'config.json': text });
    const { serving, ports } = await Serving.start([...LOOPBACK, '--config', join(folder.path, 'config.json')]);
    await using _ = serving;
    expect(await ask(ports[0], 1, READ_3_HOLDING_REGISTERS)).toBe('0306000100020003');
  });
});

describe('the log in JSON', () => {
  test('has listeners, units, clients, writes and the end, one object a line', async () => {
    using folder = folderWith({ 'boiler.yaml': CONFIG });
    const args = ['--config', join(folder.path, 'boiler.yaml'), '--log-level', 'debug'];
    const { serving, ports, before } = await Serving.start(args);
    await using _ = serving;
    const socket = await connected(ports[0]);
    const peer = { transport: 'tcp', address: '127.0.0.1', port: socket.localPort };
    expect(before).toContainEqual(
      expect.objectContaining({ event: 'listening', message: `tcp 127.0.0.1:${ports[0]} listens` }),
    );
    const listener = `tcp 127.0.0.1:${ports[0]}`;
    expect(await serving.next('connect')).toMatchObject({ level: 'info', listener, peer });

    await request(socket, 1, '060000002a');
    const values = { table: 'holdingRegisters', address: 0, values: [42], previous: [20] };
    const write = { level: 'debug', unit: 1, unitName: 'boiler', peer, written: [{ unit: 1, ...values }] };
    expect(await serving.next('request')).toMatchObject(write);

    await request(socket, 1, '15090600040000000100ff');
    const records = { unit: 1, file: 4, record: 0, values: [255], previous: [5] };
    expect(await serving.next('request')).toMatchObject({ level: 'debug', unit: 1, peer, written: [records] });

    socket.end();
    expect(await serving.next('disconnect')).toMatchObject({ peer, reason: 'the client closed' });
    const { stdout, stderr, code } = await serving.stop('SIGTERM');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event).slice(-2)).toEqual(['stopping', 'stopped']);
    expect(events.find(({ event }) => event === 'serving')).toMatchObject({
      units: [{ id: 1, name: 'boiler' }, { id: 2 }],
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  test('leaves requests out at the usual level', async () => {
    const { serving, ports } = await Serving.start(LOOPBACK);
    await using _ = serving;
    await ask(ports[0], 1, '060000002a');
    await serving.next('disconnect');
    expect((await serving.stop('SIGINT')).stdout).not.toContain('"request"');
  });
});

describe('the output for people', () => {
  test('is the banner, then the log', async () => {
    using folder = folderWith({ 'boiler.yaml': CONFIG });
    const args = ['--config', 'boiler.yaml', '--log-level', 'debug'];
    await using serving = Serving.pretty(args, folder.path);
    const text = await serving.textUntil('Ctrl-C stops\n');
    expect(text).toMatch(/^Busbar \d+\.\d+\.\d+ serves boiler\.yaml\n/);
    const port = Number(/^ {2}tcp 127\.0\.0\.1:(\d+)$/m.exec(text)?.[1]);
    expect(text).toContain(`mbpoll -m tcp -p ${port} -a 1 -0 -t 4 -r 0 -c 3 -1 127.0.0.1\n`);
    await ask(port, 1, '060000002a');
    expect(await serving.textUntil('disconnected')).toMatch(
      / to unit 1 \(boiler\): write single register 0 \(40001\) = 42, was 20 \(.* ms\)\n/,
    );
    expect(await serving.stop('SIGINT')).toMatchObject({ code: 0, stderr: '' });
  });

  test('says so where the test device is served', async () => {
    await using serving = Serving.pretty(LOOPBACK);
    expect(await serving.textUntil('\n')).toMatch(
      / serves a plain test device, as there is no --config and no busbar\.yaml here\n/,
    );
  });

  test('says so where the config is that of the current folder', async () => {
    using folder = folderWith({ 'busbar.yaml': CONFIG });
    await using serving = Serving.pretty([], folder.path);
    expect(await serving.textUntil('\n')).toMatch(/ serves busbar\.yaml of this folder\n/);
  });

  test('may go to a reader that leaves: serving goes on', async () => {
    const { serving, ports } = await Serving.start(LOOPBACK);
    await using _ = serving;
    serving.child.stdout?.destroy();
    for (const pdu of ['060000002a', READ_3_HOLDING_REGISTERS]) await ask(ports[0], 1, pdu);
    expect(await ask(ports[0], 1, READ_3_HOLDING_REGISTERS)).toBe('0306002a00000000');
    expect((await serving.stop('SIGTERM')).code).toBe(0);
  });
});

describe('stopping', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends it with code 0 while clients are connected',
    async (signal) => {
      const { serving, ports } = await Serving.start(LOOPBACK);
      await using _ = serving;
      const socket = await connected(ports[0]);
      await request(socket, 1, READ_3_HOLDING_REGISTERS);
      const closed = once(socket.resume(), 'end');
      expect((await serving.stop(signal)).code).toBe(0);
      await closed;
      socket.destroy();
    },
  );

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second %s ends it at once with code %d', async (signal, expected) => {
    const listen = [{ type: 'tcp', port: 0, limits: { closeTimeout: 0 } }];
    using folder = folderWith({ 'config.json': JSON.stringify({ listen, units: [{ id: 1 }] }) });
    const { serving, ports } = await Serving.start(['--config', join(folder.path, 'config.json')]);
    await using _ = serving;
    // A peer that has sent rubbish and doesn't close in its turn keeps the server from ending, as it has no time limit.
    const socket = await connected(ports[0]);
    socket.write(Buffer.from('000100000000', 'hex'));
    await once(socket.resume(), 'end');
    serving.child.kill(signal);
    await serving.next('stopping');
    expect((await serving.stop(signal)).code).toBe(expected);
    socket.destroy();
  });
});

describe('a listener that fails', () => {
  test('ends the command with code 1, a clear text, and the other listeners closed', async () => {
    await using taken = await takenPort();
    const { code, stdout, stderr } = await busbar(['serve', ...LOOPBACK, '--tcp', `127.0.0.1:${taken.port}`]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^busbar: .*127\\.0\\.0\\.1:${taken.port}: .*in use.*another port.*\n$`));
  });

  test('is an entry of the log in JSON', async () => {
    await using taken = await takenPort();
    const listener = `127.0.0.1:${taken.port}`;
    const { code, stdout, stderr } = await busbar(['serve', '--tcp', listener, '--log-format', 'json']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      level: 'error',
      event: 'listenFailed',
      listener: `tcp ${listener}`,
      code: 'EADDRINUSE',
    });
  });
});
