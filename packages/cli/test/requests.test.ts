import { channel } from 'node:diagnostics_channel';
import type { AddressInfo, Socket } from 'node:net';
import { Unit } from 'busbar';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Listener } from '../src/listeners/schema.js';
import { type BoundServer, makeServer } from '../src/listeners/server.js';
import { type LogFormat, Logger } from '../src/log/logger.js';
import { RequestLog } from '../src/log/requests.js';
import { connected, exchange, request, rtu } from './helpers/client.js';
import { TestOutput } from './helpers/output.js';

const LIMIT = 100;
const READ = '0300000002';

function boiler(): Unit {
  return new Unit({
    id: 1,
    name: 'boiler',
    holdingRegisters: [{ start: 0, values: [650, 550, 20] }],
    coils: [{ start: 0, values: [true] }],
    files: [{ number: 4, start: 0, values: [5, 6] }],
    access: { limits: [{ table: 'holdingRegisters', start: 0, count: 1, max: 800 }] },
  });
}

async function logged(units: Unit[], more: Partial<Listener> = {}, format: LogFormat = 'pretty') {
  const out = new TestOutput();
  const requests = new RequestLog(new Logger(format, 'debug', out));
  const listener = { type: 'tcp', host: '127.0.0.1', port: 0, ...more } as Listener;
  const bound = makeServer(listener, units, { wait: false });
  requests.follow(bound);
  await bound.server.listen();
  onTestFinished(async () => {
    requests.end();
    await bound.server.shutdown();
  });
  const client = await connected(portOf(bound));
  onTestFinished(() => void client.destroy());
  return { out, requests, bound, client };
}

function portOf({ server }: BoundServer): number {
  return (server.address() as AddressInfo).port;
}

/** The lines of a log without their times of day, their durations, and the client's port. */
function lines({ lines }: TestOutput): string[] {
  return lines.map((line) =>
    line
      .slice('00:00:00 debug '.length)
      .replace(/ \([\d.]+ ms\)$/, '')
      .replace(/127.0.0.1:\d+/, 'CLIENT'),
  );
}

async function told(units: Unit[], asked: [number, string][], more?: Partial<Listener>): Promise<string[]> {
  const { out, client } = await logged(units, more);
  for (const [unit, pdu] of asked) await request(client, unit, pdu);
  return lines(out);
}

describe('at the level debug, each request is one line', () => {
  test.each([
    ['a read, with the values', 1, READ, 'to unit 1 (boiler): read holding registers 0..1 (40001..40002) = 650, 550'],
    ['a write, with what it replaced', 1, '06000002bc', 'write single register 0 (40001) = 700, was 650'],
    ['a write of several', 1, '100001000204000a0102', 'registers 1..2 (40002..40003) = 10, 258, was 550, 20'],
    ['a write of a coil', 1, '0500000000', 'write single coil 0 (00001) = 0, was 1'],
    ['a mask, with what it made', 1, '16000200f00001', 'and=0x00F0 or=0x0001, 20 -> 17'],
    ['a write to a file', 1, '15090600040000000100ff', 'was 5'],
    ['a value that is refused', 1, '0600000384', '0 (40001) = 900: exception 03 illegal data value'],
    ['an address that is not there', 1, '0300090001', '9 (40010): exception 02 illegal data address'],
    ['a function that is not there', 1, '41', 'function 0x41: exception 01 illegal function'],
    ['a request cut short', 1, '0300', 'read holding registers, malformed: 00: exception 03 illegal data value'],
    ['a request by id 255', 255, READ, 'to unit 1 (boiler) by the id 255: read'],
    ['a request to nobody', 7, READ, 'to unit 7, which is not served: read holding registers 0..1'],
    ['an exception for nobody', 7, READ, ': exception 0B gateway target device failed to respond'],
    ['a diagnostic', 1, '0800001234', 'diagnostics 00 return query data: 12 34'],
  ])('%s', async (_name, unit, pdu, text) => {
    const [line, ...rest] = await told([boiler()], [[unit, pdu]]);
    expect(line).toContain(text);
    expect(line).toMatch(/^CLIENT to /);
    expect(rest).toEqual([]);
  });

  test('with the points that it touches, and their values if they could be had', async () => {
    const unit = new Unit({
      id: 1,
      points: {
        flow: { at: 'holding 0', type: 'int16', scale: 0.1, unit: '°C', value: 65 },
        mode: { at: 'holding 1', labels: { 0: 'off', 1: 'auto' }, value: 'auto' },
        pump: { at: 'coil 3', value: true },
      },
    });
    const asked = [READ, '0600010000', '0300000009', '0100030001', '16000000ff0100'];
    expect(
      await told(
        [unit],
        asked.map((pdu) => [1, pdu]),
      ),
    ).toEqual([
      expect.stringMatching(/ = 650, 1 \[flow 65\.0 °C, mode auto\]$/),
      expect.stringMatching(/ = 0, was 1 \[mode off\]$/),
      expect.stringMatching(/ \[flow, mode\]: exception 02 illegal data address$/),
      expect.stringMatching(/ = 1 \[pump on\]$/),
      expect.stringMatching(/, 650 -> 394 \[flow 39\.4 °C\]$/),
    ]);
  });

  test('with some of very many points', async () => {
    const points = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, { at: `holding ${i}` }]));
    const [line] = await told([new Unit({ id: 1, points })], [[1, '0300000014']]);
    expect(line).toMatch(/\[p0 0, p1 0, .*, p7 0 … \(20 points\)\]$/);
  });

  test('with the time that it took', async () => {
    const { out, client } = await logged([boiler()]);
    await request(client, 1, READ);
    expect(out.lines[0]).toMatch(/ = 650, 550 \(\d+(\.\d+)? ms\)$/);
  });

  test('of a broadcast and of other stations on a line, which get no reply', async () => {
    const { out, client } = await logged([boiler(), new Unit({ id: 2 })], { framing: 'rtu' });
    await exchange(client, `${rtu('0006000002bc')}${rtu('090300000001')}${rtu('0903020007')}${rtu('010300000001')}`, 7);
    expect(lines(out)).toEqual([
      'CLIENT to all units: write single register 0 (40001) = 700, was 650: no reply',
      expect.stringMatching(/^tcp CLIENT: to unit 9, another station: read holding registers 0 \(40001\)$/),
      expect.stringMatching(/^tcp CLIENT: from unit 9, another station: read holding registers 0 \(40001\) = 7$/),
      'CLIENT to unit 1 (boiler): read holding registers 0 (40001) = 700',
    ]);
  });

  test('of one that gets silence, too', async () => {
    const { out, client } = await logged([boiler()], { unknownUnit: 'silent' });
    client.write(Buffer.from('000100000006090300000001', 'hex'));
    await request(client, 1, READ);
    expect(lines(out)[0]).toBe('CLIENT to unit 9, which is not served: read holding registers 0 (40001): no reply');
  });

  test('of one whose client leaves before a slow handler has answered', async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const read = () => {
      begin();
      return new Promise<number[]>(() => {});
    };
    const unit = new Unit({ id: 1, holdingRegisters: { ranges: [{ start: 0, count: 9 }], read } });
    const { out, client, bound } = await logged([unit]);
    const left = new Promise((resolve) => bound.server.once('disconnect', resolve));
    client.write(Buffer.from('000100000006010300000001', 'hex'));
    await begun;
    client.resetAndDestroy();
    await left;
    expect(lines(out)).toEqual(['CLIENT to unit 1: read holding registers 0 (40001): no reply']);
  });
});

test('in JSON, it has the facts of the request, the reply and the write', async () => {
  const { out, client, bound } = await logged([boiler()], {}, 'json');
  await request(client, 1, '06000002bc');
  const peer = { transport: 'tcp', address: '127.0.0.1', port: client.localPort };
  expect(JSON.parse(out.lines[0])).toEqual({
    time: expect.any(String),
    level: 'debug',
    event: 'request',
    message: expect.stringContaining('write single register 0'),
    listener: bound.name,
    peer,
    unitId: 1,
    unit: 1,
    unitName: 'boiler',
    request: { pdu: '06000002BC', functionCode: 6, name: 'write single register', address: 0, values: [700] },
    reply: { pdu: '06000002BC', functionCode: 6, name: 'write single register', address: 0, values: [700] },
    written: [{ unit: 1, table: 'holdingRegisters', address: 0, values: [700], previous: [650] }],
    duration: expect.any(Number),
  });
});

describe('requests that are too many', () => {
  async function flood(client: Socket, count: number): Promise<void> {
    await exchange(client, '000100000006010300000001'.repeat(count), 11 * count);
  }

  test('are counted, and told of in one line', async () => {
    const { out, requests, client, bound } = await logged([boiler()], {}, 'json');
    await flood(client, LIMIT + 1234);
    requests.end();
    expect(out.lines).toHaveLength(LIMIT + 1);
    const [last] = out.lines.slice(-1).map((line) => JSON.parse(line));
    expect(last).toMatchObject({
      level: 'debug',
      event: 'requestsLeftOut',
      message: `… 1,234 more requests to ${bound.name} in the last second`,
      count: 1234,
      listener: bound.name,
      peer: { address: '127.0.0.1' },
    });
  });

  test('do not hide those to another listener', async () => {
    const { out, requests, client } = await logged([boiler()]);
    const other = makeServer({ type: 'tcp', host: '127.0.0.1', port: 0 }, [new Unit({ id: 9 })], { wait: false });
    requests.follow(other);
    await other.server.listen();
    onTestFinished(() => other.server.shutdown());
    await flood(client, LIMIT + 1);
    const second = await connected(portOf(other));
    await request(second, 9, READ);
    second.destroy();
    expect(out.lines.at(-1)).toContain('to unit 9: read');
  });
});

test('after its end nothing is traced any more', async () => {
  const { out, requests, client } = await logged([boiler()]);
  requests.end();
  for (const name of ['request', 'reply', 'unanswered', 'passed']) {
    expect(channel(`busbar:${name}`).hasSubscribers).toBe(false);
  }
  await request(client, 1, READ);
  expect(out.lines).toEqual([]);
});

test('requests to a server that it does not follow any more are not logged', async () => {
  const { out, requests, client, bound } = await logged([boiler()]);
  requests.unfollow(bound);
  await request(client, 1, READ);
  expect(out.lines).toEqual([]);
});
