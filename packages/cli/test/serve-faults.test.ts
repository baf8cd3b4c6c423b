import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadDevice } from '../src/index.js';
import { ask, connected, exchange, request } from './helpers/client.js';
import { busbar, type Entry, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const READ = '0300000001';

/** Two listeners, one unit with a register that holds 20, and faults. */
const config = (...faults: string[]) => `listen:
  - { type: tcp, port: 0, name: plant }
  - { type: tcp, port: 0, framing: rtu }
units:
  - { id: 1, holdingRegisters: [{ start: 0, values: [20, 21, 22] }] }
faults:
${faults.map((fault) => `  - { ${fault} }\n`).join('')}`;

async function serveWith(text: string, ...args: string[]) {
  const folder = folderWith({ 'faulty.yaml': text });
  const { serving, ports } = await Serving.start(['--config', 'faulty.yaml', ...args], folder.path);
  onTestFinished(async () => {
    await serving[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const reload = async (next: string): Promise<Entry[]> => {
    writeFileSync(join(folder.path, 'faulty.yaml'), next);
    serving.child.kill('SIGHUP');
    return await serving.until('reloaded');
  };
  return { serving, ports, reload };
}

async function client(port: number) {
  const socket = await connected(port);
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('the banner lists the faults, and a warning tells of each that is on', async () => {
  using folder = folderWith({
    'faulty.yaml': config(
      'name: slow meter, unit: 2, delay: 200ms..800ms, probability: 0.3',
      'name: busy, functions: [6, 16], exception: 6, for: 10s, active: false',
      'name: cut, split: { after: 3, pause: 50ms }, silence: true, listener: plant',
      'name: one, silence: true, table: coils, start: 3, count: 1, active: false',
      'name: some, silence: true, table: holdingRegisters, start: 0, count: 10, active: false',
    ),
  });
  await using serving = Serving.pretty(['--config', 'faulty.yaml'], folder.path);
  const banner = await serving.textUntil('Ctrl-C stops');
  expect(banner).toContain(
    [
      '  faults',
      '    slow meter  on   delay 200ms..800ms, unit 2, probability 0.3',
      '    busy        off  exception 6, functions 6 16, for 10s',
      '    cut         on   silence, split after 3 pause 50ms, listener plant',
      '    one         off  silence, coil 3 (00004)',
      '    some        off  silence, holdingRegisters 0..9 (40001..40010)',
      '',
    ].join('\n'),
  );
  const log = await serving.textUntil('"cut"');
  expect(log).toMatch(/ warn {2}the fault "slow meter" is on: delay 200ms\.\.800ms, unit 2, probability 0\.3\n/);
  expect(log).not.toContain('busy');
});

describe('the log', () => {
  test('tells what hits whom, and why a fault is off', async () => {
    const { serving, ports } = await serveWith(
      config('name: twice, exception: 6, garbage: FF, times: 1, listener: plant'),
    );
    const socket = await client(ports[0]);
    expect(await exchange(socket, `000100000006010300000001`, 10)).toBe('ff000100000003018306');
    const [off, hit, second] = (await serving.until('fault')).concat(await serving.until('fault')).slice(-3);
    expect(off).toMatchObject({
      level: 'warn',
      event: 'faultOff',
      message: 'the fault "twice" is off, as it has hit often enough; it has hit 1 time',
      why: 'times',
    });
    expect(hit).toMatchObject({
      level: 'info',
      event: 'fault',
      fault: 'twice',
      effects: ['exception 6'],
      listener: expect.stringMatching(/^tcp 127\.0\.0\.1:\d+ \(plant\)$/),
      unitId: 1,
      functionCode: 3,
    });
    expect(hit.message).toMatch(
      /^fault "twice": exception 6 \(127\.0\.0\.1:\d+, unit 1, read holding registers 0 \(40001\)\)$/,
    );
    expect(second).toMatchObject({ effects: ['1 byte ahead of it'] });
  });

  test('shows at the level debug what was sent in place of a reply', async () => {
    const text = config('name: noise, garbage: AA, times: 1, listener: plant');
    const { serving, ports } = await serveWith(text, '--log-level', 'debug');
    const socket = await client(ports[0]);
    expect(await exchange(socket, '000100000006010300000001', 12)).toBe('aa0001000000050103020014');
    const entry = await serving.next('request');
    expect(entry).toMatchObject({ sent: 'AA0001000000050103020014', reply: { pdu: '03020014' } });
    expect(entry.message).toMatch(
      /: read holding registers 0 \(40001\) = 20, sent as AA0001000000050103020014 \([\d.]+ ms\)$/,
    );
    await request(socket, 1, READ);
    expect(await serving.next('request')).not.toHaveProperty('sent');
  });

  test('counts what floods it', async () => {
    const { serving, ports } = await serveWith(config('name: much, wrongUnit: true'));
    const socket = await client(ports[0]);
    for (let i = 0; i < 30; i++) await request(socket, 1, READ);
    serving.child.kill('SIGINT');
    const entries = await serving.until('stopped');
    expect(entries.filter(({ event }) => event === 'fault')).toHaveLength(20);
    expect(entries.find(({ event }) => event === 'repeated')).toMatchObject({ repeated: 'fault', count: 10 });
  });
});

test('a fault is of its listener: by name, by place, by a checksum that only one of them has', async () => {
  const { ports } = await serveWith(
    config('name: a, listener: plant, wrongUnit: 9', 'name: b, listener: 2, extra: AA', 'name: c, badChecksum: true'),
  );
  const [tcp, rtu] = [await client(ports[0]), await client(ports[1])];
  expect(await exchange(tcp, '000100000006010300000001', 11)).toBe('0001000000050903020014');
  expect(await exchange(rtu, '010300000001840a', 8)).toBe('0103020014b8b4aa');
});

describe('a reload', () => {
  test('takes what the file says of faults by now, without closing connections', async () => {
    const { ports, reload } = await serveWith(config('name: kept, every: 2, exception: 6'));
    const socket = await client(ports[0]);
    expect(await request(socket, 1, READ)).toBe('03020014');
    const entries = await reload(
      config(
        'name: kept, every: 2, exception: 6',
        'name: new, exception: 4, functions: [6]',
        'name: off, stale: true, active: false',
      ),
    );
    expect(entries.map(({ event }) => event)).toEqual(['faultOn', 'connect', 'faultOn', 'reloaded']);
    expect(entries.at(-1)).toMatchObject({
      message: 'faulty.yaml is loaded again: fault "new" added, fault "off" added',
      faults: { added: ['new', 'off'], changed: [], removed: [] },
    });
    expect(await request(socket, 1, READ)).toBe('8306');
    expect(await request(socket, 1, '0600000001')).toBe('8604');
    expect((await reload(config('name: new, exception: 3, functions: [6]'))).at(-1)).toMatchObject({
      faults: { added: [], changed: ['new'], removed: ['kept', 'off'] },
    });
    expect(await request(socket, 1, READ)).toBe('03020014');
    expect(await request(socket, 1, '0600000001')).toBe('8603');
  });

  test('without faults takes all away', async () => {
    const { ports, reload } = await serveWith(config('name: busy, exception: 6'));
    const socket = await client(ports[0]);
    expect(await request(socket, 1, READ)).toBe('8306');
    const entries = await reload(config().replace('faults:\n', ''));
    expect(entries.filter(({ event }) => event !== 'fault').map(({ message }) => message)).toEqual([
      'the fault "busy" is on: exception 6',
      expect.stringContaining('connected'),
      'the fault "busy" is off, and gone from the config; it has hit 1 time',
      'faulty.yaml is loaded again: fault "busy" removed',
    ]);
    expect(await request(socket, 1, READ)).toBe('03020014');
  });
});

test('a reaction raises a fault, and a name of none is refused with its place', async () => {
  const units = (raise: string) =>
    `units: [{ id: 1, points: { alarm: { at: coil 0 } }, when: [{ point: alarm, is: true, raise: ${raise} }] }]`;
  const text = (raise: string) =>
    config('name: busy, exception: 6, functions: [3], active: false').replace(/units:\n.*\n/, `${units(raise)}\n`);
  const { serving, ports } = await serveWith(text('busy'));
  const socket = await client(ports[0]);
  expect(await request(socket, 1, '050000ff00')).toBe('050000ff00');
  expect(await serving.next('faultOn')).toMatchObject({
    level: 'warn',
    fault: 'busy',
    message: expect.stringContaining('is on: exception 6'),
  });
  expect(await request(socket, 1, READ)).toBe('8306');
  using folder = folderWith({ 'wrong.yaml': text('bussy') });
  const { code, stderr } = await busbar(['serve', '--check', '--config', 'wrong.yaml'], { cwd: folder.path });
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /wrong\.yaml:4:\d+: units\[0\]\.when\[0\]\.raise: there is no fault "bussy"; known are busy\n/,
  );
});

test('faults hit what the hooks of a module have made, and a fault that is off leaves its wire to the module', async () => {
  using folder = folderWith({
    'extra.mjs': `export default { handler: {
      execute: async (request, next) => (request.unitId === 1 ? Uint8Array.of(3, 2, 0, 99) : next()),
      frame(reply, request, wire) { wire.send(Buffer.concat([Buffer.from([0xaa]), reply.encode()])); },
    } };`,
    'faulty.yaml': `module: ./extra.mjs\n${config('name: noise, garbage: FF, active: false')}`,
  });
  await using device = await loadDevice(join(folder.path, 'faulty.yaml'));
  await device.start();
  const address = device.servers[0].address();
  const socket = await client(
    typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0,
  );
  expect(await exchange(socket, '000100000006010300000001', 12)).toBe('aa0001000000050103020063');
  device.faults.switch('noise', true);
  expect(await exchange(socket, '000200000006010300000001', 12)).toBe('ff0002000000050103020063');
  device.faults.add({ name: 'busy', exception: 6 });
  expect(await exchange(socket, '000300000006010300000001', 10)).toBe('ff000300000003018306');
});

test('without faults, the device of a program has an empty list that it may fill', async () => {
  using folder = folderWith({
    'plain.yaml': 'listen: [{ type: tcp, port: 0 }]\nunits: [{ id: 1, coils: [{ start: 0, count: 1 }] }]\n',
  });
  await using device = await loadDevice(join(folder.path, 'plain.yaml'));
  await device.start();
  expect(device.faults.list).toEqual([]);
  device.faults.add({ name: 'busy', exception: 6 });
  const address = device.servers[0].address();
  const port = typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
  expect(await ask(port, 1, '0100000001')).toBe('8106');
});
