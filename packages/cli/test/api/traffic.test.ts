import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { type Capture, readCapture } from '../../../../interop/helpers/pcapng.js';
import { exchange, request, rtu } from '../helpers/client.js';
import { serveApi } from './helpers/api.js';
import { clientOf, deviceOf } from './helpers/device.js';
import { RawClient } from './helpers/raw.js';

async function talked() {
  const device = await deviceOf();
  const api = await serveApi(device);
  const client = await clientOf(device);
  await request(client, 1, '0300000002');
  await request(client, 1, '06000101f4');
  await request(client, 2, '0400000001');
  await request(client, 1, '0300090001');
  await request(client, 1, '0100030001');
  return { device, api, client };
}

function captured(bytes: Uint8Array): Capture {
  using folder = temporaryFolder();
  const path = join(folder.path, 'traffic.pcapng');
  writeFileSync(path, bytes);
  return readCapture(path);
}

describe('the traffic', () => {
  test('has the last requests with their replies, the oldest first', async () => {
    const { api, client } = await talked();
    const { body } = await api.get('traffic');
    expect(body.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(body[1]).toEqual({
      id: 2,
      time: expect.any(Number),
      listener: 'plant',
      client: { address: '127.0.0.1', port: client.localPort, transport: 'tcp' },
      unit: 1,
      functionCode: 6,
      name: 'Write single register',
      range: { table: 'holdingRegisters', start: 1, count: 1 },
      points: ['setpoint'],
      request: '06000101F4',
      reply: '06000101F4',
      summary: 'write single register 1 (40002) = 500, was 550 [setpoint 50.0 °C]',
      values: [500],
      took: expect.any(Number),
    });
    expect(body[3]).toMatchObject({ exception: { code: 2, name: 'illegal data address' }, reply: '8302' });
    expect(body[4]).toMatchObject({ name: 'Read coils', values: [true], points: ['pump'] });
  });

  test.each([
    ['limit=2', [4, 5]],
    ['limit=0', []],
    ['unit=2', [3]],
    ['function=3', [1, 4]],
    ['function=3&exception=false', [1]],
    ['exception=true', [4]],
    ['listener=plant&limit=1', [5]],
    ['listener=field', []],
    ['client=127.0.0.1&limit=1', [5]],
    ['client=127.0.0.2', []],
  ])('with %s has those that fit', async (query, ids) => {
    const { api } = await talked();
    expect((await api.get(`traffic?${query}`)).body.map(({ id }: { id: number }) => id)).toEqual(ids);
  });

  test('is also that of one connection', async () => {
    const { api, client, device } = await talked();
    await request(await clientOf(device), 1, '0300000001');
    const { body } = await api.get(`traffic?client=127.0.0.1:${client.localPort}`);
    expect(body).toHaveLength(5);
  });

  test.each(['limit=-1', 'limit=1001', 'unit=256', 'function=x', 'exception=maybe', 'limits=1', 'client='])(
    'with %s is refused',
    async (query) => {
      const { api } = await talked();
      expect((await api.get(`traffic?${query}`)).status).toBe(400);
      const ofCapture = query.replace('limit=1001', 'limit=10001');
      expect((await api.get(`traffic.pcapng?${ofCapture}`)).status).toBe(400);
    },
  );

  test('has requests without a reply', async () => {
    const device = await deviceOf();
    const api = await serveApi(device);
    const client = await clientOf(device);
    await api.send('POST', 'faults', { name: 'mute', functions: [4], silence: true });
    client.write(Buffer.from('000100000006020400000001', 'hex'));
    await request(client, 1, '0300000001');
    const { body } = await api.get('traffic?unit=2');
    expect(body).toMatchObject([{ reply: null, summary: 'read input registers 0 (30001): no reply' }]);
    expect(body[0].values).toBeUndefined();
  });

  test('is bounded: of very many requests some are left out', async () => {
    const device = await deviceOf();
    const api = await serveApi(device);
    const client = await clientOf(device);
    await exchange(client, '000100000006010300000001'.repeat(5000), 11 * 5000);
    const response = await fetch(new URL('/api/v1/traffic.pcapng', api.url));
    const { packets } = captured(Buffer.from(await response.arrayBuffer()));
    expect(packets.length).toBeGreaterThan(0);
    expect(packets.length).toBeLessThan(2 * 5000);
  });

  test('is loaded by two at a time, however slow they are', async () => {
    const { api } = await talked();
    const get = `GET /api/v1/traffic.pcapng HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
    for (let i = 0; i < 3; i++) await fetch(new URL('api/v1/traffic.pcapng', api.url), { method: 'HEAD' });
    // On one connection, the second one waits for the first, and the third is asked for meanwhile.
    const client = new RawClient(api.port).send(get.repeat(3));
    const answer = await client.until('"status":503');
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 503']);
    expect(answer).toContain('2 clients load captures already: try again later');
    expect((await api.get('traffic.pcapng')).status).toBe(200);
    for (let i = 0; i < 3; i++)
      await fetch(new URL('api/v1/traffic.pcapng', api.url)).then(({ body }) => body?.cancel());
    await vi.waitFor(async () => expect((await api.get('traffic.pcapng')).status).toBe(200));
  });

  test('has what other stations on a line say to each other', async () => {
    const device = await deviceOf(
      'listen: [{ type: tcp, port: 0, framing: rtu, name: line }]\nunits: [{ id: 1, points: { a: { at: holding 0 } } }]',
    );
    const api = await serveApi(device);
    const client = await clientOf(device);
    const others = ['090300000002', '09030400070008', '0a0600000001', '090300000001', '098302', '0b0302ffff'];
    await exchange(client, [...others, '010300000001'].map(rtu).join(''), 7);
    const { body } = await api.get('traffic');
    const unknown = { address: null, port: null, transport: 'line' };
    expect(body).toMatchObject([
      { passed: true, unit: 9, values: [7, 8], client: unknown, summary: expect.stringMatching(/ = 7, 8$/) },
      { passed: true, unit: 10, reply: null, functionCode: 6, points: [] },
      { passed: true, unit: 9, exception: { code: 2 } },
      { unit: 1, values: [0], points: ['a'] },
    ]);
    expect(body[3]).not.toHaveProperty('passed');
    const response = await fetch(new URL('api/v1/traffic.pcapng', api.url));
    const { packets } = captured(new Uint8Array(await response.arrayBuffer()));
    expect(packets.map(({ comment, direction }) => [direction, comment])).toEqual([
      ['in', 'request, unit 9: read holding registers 0..1 (40001..40002)'],
      ['in', 'reply, unit 9: read holding registers 0..1 (40001..40002) = 7, 8'],
      ['in', 'request, unit 10: write single register 0 (40001) = 1'],
      ['in', 'request, unit 9: read holding registers 0 (40001)'],
      ['in', expect.stringContaining('reply, unit 9: exception 02')],
      ['in', 'request, unit 1: read holding registers 0 (40001)'],
      ['out', 'reply, unit 1: read holding registers 0 (40001) = 0'],
    ]);
  });

  test('is a capture for Wireshark, too', async () => {
    const { api, client } = await talked();
    const response = await fetch(new URL('/api/v1/traffic.pcapng?function=6', api.url));
    expect(response.headers.get('Content-Type')).toBe('application/x-pcapng');
    const { packets, interfaces } = captured(Buffer.from(await response.arrayBuffer()));
    expect(interfaces).toMatchObject([{ name: expect.stringContaining('plant') }]);
    const port = client.localPort;
    expect(packets.map(({ direction, dissector, bytes }) => [direction, dissector, bytes.toString('hex')])).toEqual([
      ['in', 'mbtcp', '00000000000601' + '06000101f4'],
      ['out', 'mbtcp', '00000000000601' + '06000101f4'],
    ]);
    expect(packets.map(({ source }) => source.port)).toEqual([port, 502]);
  });
});
