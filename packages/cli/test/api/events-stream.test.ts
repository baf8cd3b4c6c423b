import { channel } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { Unit } from 'busbar';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ApiServer } from '../../src/api/api-server.js';
import { Feed, type Publish } from '../../src/api/events/feed.js';
import { Reader } from '../../src/api/events/reader.js';
import { HTTP_LIMITS, type HttpLimits } from '../../src/api/http-server.js';
import { Services } from '../../src/api/services.js';
import { Logger } from '../../src/log/logger.js';
import { exchange, request } from '../helpers/client.js';
import { TestOutput } from '../helpers/output.js';
import { serveApi } from './helpers/api.js';
import { BOILER, clientOf, deviceOf } from './helpers/device.js';
import { eventsOf } from './helpers/events.js';

const MEGABYTE = 2 ** 20;

async function served(limits?: HttpLimits) {
  const device = await deviceOf();
  const output = new TestOutput();
  output.full = true;
  const log = new Logger('pretty', 'info', output);
  const api = await serveApi(device, { log, limits });
  const [boiler, meter] = device.units;
  return { device, log, api, boiler, meter };
}

describe('a stream of events', () => {
  test('goes on after a cut where it was', async () => {
    const { api, boiler } = await served();
    const before = await eventsOf(api.url, '?types=change');
    boiler.points.flow.value = 70;
    await before.next();
    before.cut();
    boiler.points.flow.value = 71;
    const watcher = await eventsOf(api.url, '?types=change');
    boiler.points.setpoint.value = 40;
    await watcher.nextOf('change', ({ points }) => points.some(({ name }) => name === 'setpoint'));
    const after = await eventsOf(api.url, '?types=change', { 'Last-Event-ID': before.lastId });
    const told = await after.nextOf('change');
    expect(told.data.points).toContainEqual(expect.objectContaining({ name: 'flow', value: 71 }));
    expect(Number(told.id)).toBe(Number(before.lastId) + 1);
  });

  test.each(['0', '1234', '99999999999999999999', 'abc', '-1'])(
    'says that it has lost what came since %j',
    async (id) => {
      const { api, boiler } = await served();
      const events = await eventsOf(api.url, '?types=change', { 'Last-Event-ID': id });
      expect((await events.next()).data).toEqual({ count: null });
      boiler.points.flow.value = 70;
      expect((await events.next()).type).toBe('change');
    },
  );

  test('is only of the types and the unit that are asked for', async () => {
    const { api, boiler, meter } = await served();
    const events = await eventsOf(api.url, '?types=log,change&unit=meter');
    const all = await eventsOf(api.url, '?types=change');
    boiler.points.flow.value = 70;
    meter.inputRegisters.set(0, 7);
    await all.next();
    expect((await events.next()).data).toEqual({
      points: [],
      ranges: [{ unit: 2, table: 'inputRegisters', start: 0, count: 1, by: 'program' }],
    });
    boiler.points.flow.value = 71;
    await all.next();
    meter.inputRegisters.set(1, 8);
    expect((await events.next()).data).toMatchObject({ ranges: [{ unit: 2, start: 1 }] });
  });

  test('of what does not exist is a problem', async () => {
    const { api } = await served();
    expect((await api.get('events?types=change,wrong')).body).toMatchObject({
      status: 400,
      detail: 'types: there are no events "wrong"',
      allowed: expect.arrayContaining(['change', 'rates']),
    });
    expect(await api.get('events?unit=9')).toMatchObject({ status: 404, body: { allowed: ['1', '2'] } });
    expect(await api.get('events?type=change')).toMatchObject({ status: 400 });
  });

  test('tells very many changes ten times a second, with the last values', async () => {
    const { api, boiler } = await served();
    const events = await eventsOf(api.url, '?types=change');
    const start = performance.now();
    for (let i = 1; i <= 1000; i++) {
      boiler.points.flow.value = i / 10;
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    let count = 0;
    for (let value: unknown; value !== 100; count++) value = (await events.nextOf('change')).data.points[0]?.value;
    // A timer of 100 ms may fire some milliseconds early.
    expect(count).toBeLessThanOrEqual(1 + (performance.now() - start) / 90);
  });

  test('tells all of very many points, some at a time', async () => {
    const points = Array.from({ length: 1200 }, (_, i) => `      p${i}: { at: holding ${i} }`).join('\n');
    const device = await deviceOf(`listen: [{ type: tcp, port: 0 }]\nunits:\n  - id: 1\n    points:\n${points}\n`);
    const api = await serveApi(device);
    const events = await eventsOf(api.url, '?types=change');
    device.units[0].holdingRegisters.set(0, new Array<number>(1200).fill(5));
    const names = new Set<string>();
    while (names.size < 1200) {
      const { data } = await events.nextOf('change');
      expect(data.points.length).toBeLessThanOrEqual(500);
      for (const { name } of data.points) names.add(name);
    }
  });

  test('goes on over a reload, with the units that there are then', async () => {
    const device = await deviceOf();
    const api = await serveApi(device);
    const events = await eventsOf(api.url, '?types=change,write,request');
    const before = device.unit('boiler');
    writeFileSync(device.file ?? '', BOILER.replace('value: 65', 'value: 66'));
    await device.reload();
    const boiler = device.unit('boiler');
    expect(boiler).not.toBe(before);
    before.points.flow.value = 1;
    boiler.points.flow.value = 70;
    expect((await events.next()).data).toMatchObject({ points: [{ unit: 1, name: 'flow', value: 70 }] });
    const client = await clientOf(device);
    await request(client, 1, '0600010190');
    const told = [await events.next(), await events.next(), await events.next()];
    expect(told.map(({ type }) => type).toSorted()).toEqual(['change', 'request', 'write']);
    expect(before.listenerCount('write') + before.listenerCount('changes')).toBe(0);
  });
});

describe('a reader that stalls', () => {
  /** Asks for events, and takes none but the head of the answer. */
  async function stalled(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('GET /api/v1/events?types=log HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise<void>((resolve) => {
      const head = (chunk: Uint8Array) => {
        if (!Buffer.from(chunk).includes('retry')) return;
        socket.off('data', head).pause();
        resolve();
      };
      socket.on('data', head);
    });
    return socket;
  }

  test('loses events, is told so, and costs others nothing', async () => {
    const { api, log } = await served();
    const slow = await stalled(api.port);
    const fast = await eventsOf(api.url, '?types=log');
    for (let i = 0; i < 48; i++) {
      const event = `event${i % 4}`;
      log.log('warn', { event, text: 'x'.repeat(MEGABYTE), number: i });
      expect((await fast.nextOf('log')).data.number).toBe(i);
    }
    let received = '';
    const lost = new Promise<void>((resolve) => {
      slow.on('data', (chunk) => {
        received = received.slice(-200) + chunk.toString('latin1');
        if (received.includes('event: lost')) resolve();
      });
    });
    slow.resume();
    await lost;
    const [, count] = /event: lost\ndata: {"count":(\d+)}/.exec(received) ?? [];
    expect(Number(count)).toBeGreaterThan(0);
  });

  test('is cut off when it takes nothing for too long, and one to whom nothing is told is not', async () => {
    const { api, log } = await served({ ...HTTP_LIMITS, connections: 2, readTimeout: 50 });
    const quiet = await eventsOf(api.url, '?types=fault');
    await stalled(api.port);
    await expect(fetch(new URL('livez', api.url))).rejects.toThrow();
    // More than the buffers of the system take.
    for (let i = 0; i < 48; i++) {
      log.log('warn', { event: `event${i % 4}`, text: 'x'.repeat(MEGABYTE), number: i });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(async () => expect((await fetch(new URL('livez', api.url))).status).toBe(200), 10_000);
    await api.send('POST', 'faults', { name: 'mute', silence: true });
    expect((await quiet.nextOf('fault')).data.fault.name).toBe('mute');
  });
});

test('while nobody watches, units are not listened to for it', async () => {
  const { api, boiler } = await served();
  expect(boiler.listenerCount('write')).toBe(0);
  await fetch(new URL('/api/v1/events', api.url), { method: 'HEAD' });
  expect(boiler.listenerCount('write')).toBe(0);
  const events = await eventsOf(api.url, '?types=write');
  expect(boiler.listenerCount('write')).toBe(1);
  events.cut();
});

test('of very many requests only some are traced, and the others counted', async () => {
  const { device, api } = await served();
  const events = await eventsOf(api.url, '?types=request');
  const client = await clientOf(device);
  const count = 3000;
  await exchange(client, '000100000006010300000001'.repeat(count), 11 * count);
  let sum = 0;
  let shown = 0;
  while (sum < count) {
    const { data } = await events.nextOf('request');
    expect(data.exchanges.length).toBeLessThanOrEqual(50);
    shown += data.exchanges.length;
    sum += data.exchanges.length + data.leftOut;
  }
  expect(sum).toBe(count);
  expect(shown).toBeLessThan(count);
});

describe('a feed', () => {
  /** With one source. */
  function feed(linger: number) {
    const told: { publish: Publish | undefined } = { publish: undefined };
    const start = (publish: Publish) => {
      told.publish = publish;
      return () => {
        told.publish = undefined;
      };
    };
    const all = new Feed([{ type: 'log', start }], linger);
    onTestFinished(() => all.stop());
    const log = (text: string) => told.publish?.('log', { event: 'test', text, level: 'info', time: 0 });
    return { all, told, log };
  }

  const filter = { types: new Set(['log'] as const) };

  test('goes on a while for whoever was cut off', async () => {
    const { all, told, log } = feed(60_000);
    const first = new Reader(all, filter);
    log('one');
    expect(await first.read()).toContain('"one"');
    const { lastId } = all;
    first.close();
    log('two');
    const second = new Reader(all, filter, lastId);
    const text = await second.read();
    expect(text).toContain('"two"');
    expect(text).not.toContain('lost');
    second.close();
    expect(told.publish).toBeDefined();
  });

  test('ends its sources after that, and says so to who comes too late', async () => {
    const { all, told, log } = feed(0);
    const first = new Reader(all, filter);
    const { lastId } = all;
    first.close();
    await new Promise((resolve) => setTimeout(resolve));
    expect(told.publish).toBeUndefined();
    const second = new Reader(all, filter, lastId);
    log('three');
    expect(await second.read()).toMatch(/event: lost\ndata: {"count":null}\n\nid: \d+\nevent: log/);
    second.close();
  });

  test('has a sign of life when nothing happens, from which one can go on', async () => {
    const { all } = feed(0);
    const reader = new Reader(all, filter, undefined, 1);
    expect(await reader.read()).toBe(`id: ${all.lastId}\n\n`);
    reader.close();
    expect(await reader.read()).toBeUndefined();
  });
});

test('nothing is traced any more when the API has ended', async () => {
  const device = await deviceOf();
  const log = new Logger('pretty', 'info', new TestOutput());
  const access = { token: undefined, readToken: undefined, hosts: [], origins: [] };
  const services = new Services(device, log, () => device.reload());
  const server = new ApiServer(services, { ...access, host: '127.0.0.1', port: 0, failed: () => undefined });
  const url = await server.listen();
  await eventsOf(url);
  await server.close();
  services.stop();
  for (const name of ['request', 'reply', 'unanswered']) expect(channel(`busbar:${name}`).hasSubscribers).toBe(false);
  expect(device.units[0].eventNames()).toEqual(new Unit({ id: 1 }).eventNames());
});
