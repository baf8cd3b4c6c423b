import { describe, expect, test } from 'vitest';
import { Logger } from '../../src/log/logger.js';
import { request } from '../helpers/client.js';
import { TestOutput } from '../helpers/output.js';
import { serveApi } from './helpers/api.js';
import { clientOf, deviceOf } from './helpers/device.js';
import { eventsOf } from './helpers/events.js';

async function served() {
  const device = await deviceOf();
  const log = new Logger('pretty', 'debug', new TestOutput());
  const api = await serveApi(device, { log });
  const [boiler] = device.units;
  const client = () => clientOf(device);
  return { device, log, api, boiler, client };
}

describe('events tell', () => {
  test('what changes, and by whom', async () => {
    const { api, boiler, client } = await served();
    const events = await eventsOf(api.url, '?types=change');
    boiler.points.flow.value = 70;
    expect(await events.next()).toEqual({
      id: expect.stringMatching(/^\d+$/),
      type: 'change',
      data: {
        points: [
          { unit: 1, name: 'flow', value: 70, text: '70.0 °C', raw: [700], time: expect.any(Number), by: 'program' },
        ],
        ranges: [{ unit: 1, table: 'holdingRegisters', start: 0, count: 1, by: 'program' }],
      },
    });
    const socket = await client();
    await request(socket, 1, '060001026c');
    const by = `127.0.0.1:${socket.localPort}`;
    expect((await events.next()).data).toMatchObject({ points: [{ name: 'setpoint', value: 62, by }] });
    await api.send('PUT', 'units/1/points/pump', { value: false });
    expect((await events.next()).data).toMatchObject({ points: [{ name: 'pump', value: false, raw: [0], by: 'api' }] });
  });

  test('a range that is written with what it was, but no point', async () => {
    const { api, boiler } = await served();
    const events = await eventsOf(api.url, '?types=change');
    boiler.points.flow.value = 65;
    boiler.holdingRegisters.set(100, 5);
    expect((await events.next()).data).toEqual({
      points: [],
      ranges: [
        { unit: 1, table: 'holdingRegisters', start: 0, count: 1, by: 'program' },
        { unit: 1, table: 'holdingRegisters', start: 100, count: 1, by: 'program' },
      ],
    });
  });

  test('what clients write, be it the same', async () => {
    const { api, client } = await served();
    const events = await eventsOf(api.url, '?types=write');
    const socket = await client();
    await request(socket, 1, '0600010226');
    await request(socket, 1, '050003ff00');
    const peer = { address: '127.0.0.1', port: socket.localPort, transport: 'tcp' };
    expect((await events.next()).data).toEqual({
      unit: 1,
      table: 'holdingRegisters',
      start: 1,
      count: 1,
      values: [550],
      points: [expect.objectContaining({ name: 'setpoint', value: 55, text: '55.0 °C' })],
      client: peer,
      time: expect.any(Number),
    });
    expect((await events.next()).data).toMatchObject({ table: 'coils', start: 3, values: [true], client: peer });
  });

  test('who comes and goes', async () => {
    const { api, client } = await served();
    const events = await eventsOf(api.url, '?types=connect,disconnect');
    const first = await client();
    const came = await events.nextOf('connect');
    expect(came.data).toMatchObject({ listener: 'plant', address: '127.0.0.1', port: first.localPort, requests: 0 });
    await request(first, 1, '0300000001');
    first.destroy();
    expect((await events.nextOf('disconnect')).data).toMatchObject({ id: came.data.id, requests: 1 });
    await client();
    const { id } = (await events.nextOf('connect')).data;
    await api.send('DELETE', `clients/${id}`);
    expect((await events.nextOf('disconnect')).data).toMatchObject({
      id,
      reason: expect.stringContaining('disconnected'),
    });
  });

  test('requests with their replies, in words', async () => {
    const { api, client } = await served();
    const events = await eventsOf(api.url, '?types=request');
    const socket = await client();
    await request(socket, 1, '0300000002');
    const [read] = (await events.nextOf('request')).data.exchanges;
    expect(read).toMatchObject({
      listener: 'plant',
      client: { address: '127.0.0.1', port: socket.localPort, transport: 'tcp' },
      unit: 1,
      functionCode: 3,
      name: 'Read holding registers',
      range: { table: 'holdingRegisters', start: 0, count: 2 },
      points: ['flow', 'setpoint'],
      request: '0300000002',
      reply: '0304028A0226',
      summary: 'read holding registers 0..1 (40001..40002) = 650, 550 [flow 65.0 °C, setpoint 55.0 °C]',
      values: [650, 550],
    });
    await request(socket, 1, '060001ffff');
    const [refused] = (await events.nextOf('request')).data.exchanges;
    expect(refused).toMatchObject({
      id: (read?.id ?? 0) + 1,
      exception: { code: 3, name: 'illegal data value' },
      reply: '8603',
      values: [65535],
      summary: expect.stringMatching(/\[setpoint\]: exception 03 illegal data value$/),
    });
  });

  test('faults that are switched, with the reason', async () => {
    const { api } = await served();
    const events = await eventsOf(api.url, '?types=fault');
    await api.send('POST', 'faults', { name: 'busy', exception: 6 });
    await api.send('DELETE', 'faults/busy');
    expect((await events.next()).data).toMatchObject({ fault: { name: 'busy', active: true, exception: 6 } });
    expect((await events.next()).data).toMatchObject({ fault: { name: 'busy', active: false }, why: 'removed' });
  });

  test('what changes in the simulation', async () => {
    const { api } = await served();
    const events = await eventsOf(api.url, '?types=simulation');
    await api.send('POST', 'scenarios/dry%20run');
    expect((await events.next()).data).toMatchObject({ scenarios: [{ unit: 1, name: 'dry run', running: true }] });
    await api.send('PATCH', 'simulation', { speed: 60 });
    expect((await events.next()).data).toMatchObject({ speed: 60 });
  });

  test('what is logged, but no request', async () => {
    const { api, log } = await served();
    const events = await eventsOf(api.url, '?types=log');
    log.log('debug', { event: 'request', text: 'a request' });
    log.log('warn', { event: 'portLost', text: '/dev/ttyUSB0 is lost', listener: 'field' });
    expect((await events.next()).data).toEqual({
      event: 'portLost',
      text: '/dev/ttyUSB0 is lost',
      listener: 'field',
      level: 'warn',
      time: expect.any(Number),
    });
  });

  test('each second, what the listeners have served in it', async () => {
    const { api, client } = await served();
    const events = await eventsOf(api.url, '?types=rates');
    const socket = await client();
    await request(socket, 1, '0300000001');
    await request(socket, 1, '0300000900');
    const sum = { requests: 0, exceptions: 0, bytesIn: 0, bytesOut: 0 };
    while (sum.requests < 2) {
      const { data } = await events.nextOf('rates');
      expect(data.clients).toBe(1);
      for (const key of ['requests', 'exceptions', 'bytesIn', 'bytesOut'] as const)
        sum[key] += data.listeners.plant[key];
    }
    expect(sum).toEqual({ requests: 2, exceptions: 1, bytesIn: 24, bytesOut: 20 });
    expect((await events.nextOf('rates')).data.listeners.plant).toMatchObject({ requests: 0, bytesOut: 0 });
  });
});
