import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../../../interop/helpers/pcapng.js';
import { ask, askByDatagram, connected, exchange, request } from './helpers/client.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { takenPort } from './helpers/taken-port.js';

const READ = '0300000001';
const REPLY = '03020000';
const LOOPBACK = ['--tcp', '127.0.0.1:0'];

describe('serve --pcap', () => {
  test('writes what every listener is asked and answers, and says at the end how much that was', async () => {
    using folder = folderWith({
      'a.yaml':
        'listen: [{ type: tcp, port: 0, framing: rtu }, { type: tcp, port: 0 }, { type: udp, port: 0 }]\nunits: [{ id: 1, holdingRegisters: [{ start: 0, count: 9 }] }]',
    });
    const pcap = join(folder.path, 'plant.pcapng');
    const args = ['--config', 'a.yaml', '--pcap', pcap];
    const { serving, ports } = await Serving.start(args, folder.path);
    await using _ = serving;
    const socket = await connected(ports[0]);
    expect(await exchange(socket, `01${READ}840a`, 7)).toBe(`01${REPLY}b844`);
    socket.destroy();
    expect(await ask(ports[1], 1, READ)).toBe(REPLY);
    expect(await askByDatagram(ports[2], 1, READ)).toBe(REPLY);
    serving.child.kill('SIGINT');
    expect(await serving.next('captured')).toMatchObject({
      ...{ level: 'info', path: pcap, packets: 6, dropped: 0 },
      message: `${pcap}: 6 packets`,
    });
    expect((await serving.end).code).toBe(0);
    const { interfaces, packets } = readCapture(pcap);
    const names = ['tcp', 'tcp', 'udp'].map((type, i) => `${type} 127.0.0.1:${ports[i]}`);
    expect(interfaces.map(({ name }) => name)).toEqual(names);
    expect(packets.map(({ on, dissector, direction }) => `${on} ${dissector} ${direction}`)).toEqual(
      ['mbrtu', 'mbtcp', 'mbudp'].flatMap((dissector, i) => [
        `${names[i]} ${dissector} in`,
        `${names[i]} ${dissector} out`,
      ]),
    );
  });

  test('writes those of listeners that a reload has brought, too', async () => {
    const config = (more: string) =>
      `listen: [{ type: tcp, port: 0 }${more}]\nunits: [{ id: 1, coils: [{ start: 0, count: 1 }] }]`;
    using folder = folderWith({ 'a.yaml': config('') });
    const args = ['--config', 'a.yaml', '--pcap', 'plant.pcapng'];
    const { serving } = await Serving.start(args, folder.path);
    await using _ = serving;
    writeFileSync(join(folder.path, 'a.yaml'), config(', { type: udp, port: 0 }'));
    serving.child.kill('SIGHUP');
    const { port } = await serving.next('listening');
    expect(await askByDatagram(Number(port), 1, READ)).toBe('8302');
    expect(await serving.stop('SIGINT')).toMatchObject({ code: 0 });
    const { interfaces, packets } = readCapture(join(folder.path, 'plant.pcapng'));
    expect(interfaces.map(({ name }) => name)).toContain(`udp 127.0.0.1:${port}`);
    expect(packets.map(({ dissector }) => dissector)).toEqual(['mbudp', 'mbudp']);
  });

  test('has what was said until now at any time, even if the command is killed', async () => {
    using folder = folderWith({});
    const pcap = join(folder.path, 'plant.pcapng');
    const { serving, ports } = await Serving.start([...LOOPBACK, '--pcap', pcap]);
    await using _ = serving;
    const socket = await connected(ports[0]);
    for (let count = 1; count <= 3; count++) {
      await request(socket, 1, READ);
      await expect.poll(() => readCapture(pcap).packets, { interval: 5 }).toHaveLength(2 * count);
    }
    socket.destroy();
    await serving.stop('SIGKILL');
    expect(readCapture(pcap).packets).toHaveLength(6);
  });

  test('says so in the output for people, too', async () => {
    using folder = folderWith({});
    await using serving = Serving.pretty([...LOOPBACK, '--pcap', 'plant.pcapng'], folder.path);
    const port = Number(/^ {2}tcp 127\.0\.0\.1:(\d+)$/m.exec(await serving.textUntil('Ctrl-C stops\n'))?.[1]);
    await ask(port, 1, READ);
    const { code, stdout } = await serving.stop('SIGINT');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ info {2}stopped\n.* info {2}plant\.pcapng: 2 packets\n$/);
  });

  test('serves on when the disk is full, and warns', async () => {
    const { serving, ports, before } = await Serving.start([...LOOPBACK, '--pcap', '/dev/full']);
    await using _ = serving;
    expect(await ask(ports[0], 1, READ)).toBe(REPLY);
    const ended = before.find(({ event }) => event === 'captureEnded') ?? (await serving.next('captureEnded'));
    expect(ended).toMatchObject({ level: 'warn', path: '/dev/full', message: expect.stringContaining('ENOSPC') });
    expect(await ask(ports[0], 1, READ)).toBe(REPLY);
    serving.child.kill('SIGTERM');
    expect(await serving.next('captured')).toMatchObject({ dropped: expect.any(Number) });
    expect((await serving.end).code).toBe(0);
  });

  test('is refused where nothing is served', async () => {
    using folder = folderWith({ 'a.yaml': 'units: [{ id: 1 }]' });
    const args = ['serve', '--config', 'a.yaml', '--check', '--pcap', 'plant.pcapng'];
    expect(await busbar(args, { cwd: folder.path })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--check serves nothing that --pcap could write down'),
    });
    expect(existsSync(join(folder.path, 'plant.pcapng'))).toBe(false);
  });
});

describe('a capture that cannot be written', () => {
  test.each([
    ['in a folder that does not exist', 'no/plant.pcapng', '.*folder.*'],
    ['with the name of a folder', '.', 'it is a folder'],
  ])('%s ends serve with code 1, a clear text, and nothing that listens', async (_, pcap, reason) => {
    using folder = folderWith({});
    // With a listener that would fail, too: it is not even tried.
    await using taken = await takenPort();
    const args = ['serve', '--tcp', `127.0.0.1:${taken.port}`, '--pcap', pcap];
    expect(await busbar(args, { cwd: folder.path })).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringMatching(new RegExp(`^busbar: --pcap ${pcap}: can't be written: ${reason}\n$`)),
    });
  });

  test('is an entry of the log in JSON', async () => {
    using folder = folderWith({});
    const args = ['serve', ...LOOPBACK, '--pcap', '.', '--log-format', 'json'];
    const { code, stdout, stderr } = await busbar(args, { cwd: folder.path });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ level: 'error', event: 'captureFailed', path: '.' });
  });
});

test('a listener that fails leaves a capture without a packet', async () => {
  using folder = folderWith({});
  await using taken = await takenPort();
  const pcap = join(folder.path, 'plant.pcapng');
  const { code } = await busbar(['serve', '--tcp', `127.0.0.1:${taken.port}`, '--pcap', pcap]);
  expect(code).toBe(1);
  expect(readCapture(pcap)).toMatchObject({ interfaces: [], packets: [] });
});
