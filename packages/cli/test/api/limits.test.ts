import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { checkedBody } from '../../src/api/checked.js';
import { snapshotChangeSchema } from '../../src/api/contract/device.js';
import { HTTP_LIMITS } from '../../src/api/http-server.js';
import { serveApi } from './helpers/api.js';
import { deviceOf } from './helpers/device.js';
import { eventsOf } from './helpers/events.js';
import { RawClient, statusOf } from './helpers/raw.js';

const FULL = `
listen: [{ type: tcp, port: 0 }]
units: [{ id: 1, points: { a: { at: holding 0 } }, inputRegisters: [{ start: 0, count: 65536 }] }]
`;

const boiler = async (...options: Parameters<typeof serveApi> extends [unknown, ...infer Rest] ? Rest : never) =>
  await serveApi(await deviceOf(FULL), ...options);

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;

describe('a body of which all is wrong', () => {
  const many = (text: string, count = 100_000) => Array.from({ length: count }, () => text).join();
  const keys = Array.from({ length: 10_000 }, (_, i) => `"k${i}":null`).join();

  test.each([
    ['PUT', 'snapshot', `{"units":[{"unit":1,"tables":{"holdingRegisters":[{"start":0,"values":[${many('-1')}]}]}}]}`],
    ['PUT', 'snapshot', `{"units":[{"unit":1,"tables":{"coils":[${many('{"start":0,"values":[]}', 20_000)}]}}]}`],
    ['PUT', 'snapshot', `{"units":[${many('{}')}]}`],
    ['PUT', 'snapshot', `{"units":[{"unit":1,"points":{${keys}}}]}`],
    ['PUT', 'snapshot', `{${keys}}`],
    ['PUT', 'units/1/holding?start=0', `{"values":[${many('{}')}]}`],
    ['PUT', 'units/1/points/a', `{"value":[${many('[]')}]}`],
    ['POST', 'faults', `{"name":"x","exception":6,"functions":[${many('-1', 20_000)}]}`],
    ['POST', 'wait', `{"unit":1,"point":"a","until":{"equals":[${many('{}', 20_000)}]}}`],
  ])('is not looked through to its end: %s %s %.40s', async (method, path, body) => {
    const { send } = await boiler();
    const answer = await send(method, path, body);
    expect([answer.status, answer.body.problems.length <= 21]).toEqual([400, true]);
    expect(answer.body.detail.length).toBeLessThan(3_000);
  });
});

test('a large body is looked through in many turns of the event loop', async () => {
  const values = new Array<number>(65_536).fill(4711);
  const runs = [...new Array(20).fill({ start: 0, values }), { start: 0, values: [-1] }];
  let [turns, isOver] = [0, false];
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  const body = { units: [{ unit: 1, tables: { inputRegisters: runs } }] };
  const looked = checkedBody(snapshotChangeSchema, body).finally(() => {
    isOver = true;
  });
  setImmediate(count);
  await expect(looked).rejects.toThrow(
    'units[0].tables.inputRegisters[20].values[0]: expected a whole number from 0 to 65535, found -1',
  );
  expect(turns).toBeGreaterThan(10);
});

describe('connections at the limit:', () => {
  const limits = { ...HTTP_LIMITS, connections: 2 };
  const wait = '{"unit":1,"point":"a","until":{"written":true},"timeout":"5m"}';
  const WAIT =
    'POST /api/v1/wait HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${wait.length}\r\n\r\n${wait}`;

  test('the one that has been idle for longest is closed for a newcomer', async () => {
    const { port } = await boiler({ limits });
    const first = new RawClient(port).send(get('/livez'));
    expect(statusOf(await first.until('ok'))).toContain(' 200 ');
    const second = new RawClient(port).send(get('/livez'));
    expect(statusOf(await second.until('ok'))).toContain(' 200 ');
    first.send(get('/readyz'));
    await first.until('Date');
    const third = new RawClient(port).send(get('/livez'));
    expect(statusOf(await third.until('ok'))).toContain(' 200 ');
    await second.ended;
    first.send(get('/api/v1/units'));
    expect(await first.until('inputRegisters')).toContain('"inputRegisters"');
  });

  test('one that has never asked anything is idle, too', async () => {
    const { port } = await boiler({ limits });
    const silent = [new RawClient(port).send('GET /livez'), new RawClient(port)];
    await Promise.all(silent.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
    expect(statusOf(await new RawClient(port).send(get('/livez')).until('ok'))).toContain(' 200 ');
    await silent[0].ended;
  });

  test('one whose request does not come to its end goes if there is no idle one', async () => {
    const { port } = await boiler({ limits });
    const unfinished = WAIT.slice(0, -1);
    const slow = [new RawClient(port).send(unfinished), new RawClient(port).send(unfinished)];
    await Promise.all(slow.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
    expect(statusOf(await new RawClient(port).send(get('/livez')).until('ok'))).toContain(' 200 ');
    await Promise.race(slow.map((each) => each.ended));
  });

  test('those with a request in progress stay, and the newcomer goes', async () => {
    const device = await deviceOf(FULL);
    const { port } = await serveApi(device, { limits });
    const waiting = [new RawClient(port).send(WAIT), new RawClient(port).send(get('/api/v1/events'))];
    await waiting[1].until('retry');
    while (device.units[0].listenerCount('pointWrite') === 0) await nextTurn();
    expect(await new RawClient(port).send(get('/livez')).ended).toBe('');
    waiting[0].socket.destroy();
    await expect
      .poll(async () => statusOf(await new RawClient(port).send(get('/livez')).until('ok')))
      .toContain(' 200 ');
    expect(waiting[1].socket.closed).toBe(false);
  });

  test('one whose client does not read its answer is ended', async () => {
    const { port } = await boiler({ limits: { ...limits, connections: 1, readTimeout: 50 } });
    // Many answers, so that they do not fit into the buffers of the system.
    const deaf = new RawClient(port);
    deaf.socket.pause();
    deaf.send(get('/api/v1/snapshot').repeat(50));
    await expect
      .poll(async () => statusOf(await new RawClient(port).send(get('/livez')).until('ok')))
      .toContain(' 200 ');
  });
});

test('streams of events and waits leave room for others', async () => {
  const { url, send } = await boiler();
  const streams = await Promise.all(Array.from({ length: 96 }, () => eventsOf(url, '?types=fault')));
  await Promise.all(streams.map((stream) => stream.nextBlock()));
  const asked = { unit: 1, point: 'a', until: { written: true } };
  for (const answer of [await send('POST', 'wait', asked), await send('GET', 'events')]) {
    expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining('96 clients') } });
    expect(answer.headers.get('Retry-After')).toBe('5');
  }
  expect((await send('GET', 'units')).status).toBe(200);
  streams[0].cut();
  await expect.poll(async () => (await send('POST', 'wait', { ...asked, timeout: '1ms' })).status).toBe(408);
});

describe('what is too much is refused, with a short answer:', () => {
  const digits = '9'.repeat(1_000_000);

  test.each([
    ['PUT', 'units/1/points/a', { value: digits }],
    ['PUT', 'units/1/input?start=0', { values: [digits] }],
    ['PUT', 'units/1/input?start=0&type=uint64', { values: [digits] }],
    ['POST', 'wait', { unit: 1, point: 'a', until: { equals: digits.slice(0, 60_000) } }],
    ['POST', 'wait', { unit: 1, point: 'a', until: { above: digits.slice(0, 60_000) } }],
  ])('a number of a million digits: %s %s', async (method, path, body) => {
    const { send } = await boiler();
    const answer = await send(method, path, body);
    expect([answer.status, answer.body.detail]).toEqual([422, expect.stringMatching(/ found .*9999/)]);
    expect(answer.body.detail.length).toBeLessThan(300);
  });

  test('names of points that are repeated are told once', async () => {
    const { get } = await boiler();
    expect((await get(`units/1/points?names=${'a,'.repeat(5000)}a`)).body).toHaveLength(1);
  });

  test('more faults than requests can be compared with', async () => {
    const device = await deviceOf(FULL);
    const { send, get } = await serveApi(device);
    for (let i = 0; i < 1000; i++) device.faults.add({ name: `f${i}`, silence: true, active: false });
    const { status, body } = await send('POST', 'faults', { name: 'one more', silence: true });
    expect([status, body.detail]).toEqual([409, 'there are 1000 faults already']);
    expect((await get('faults')).body).toHaveLength(1000);
    expect((await send('POST', 'faults', { name: 'x'.repeat(101), silence: true })).status).toBe(400);
  });

  test('snapshots of more values than are kept', async () => {
    const tables = ['coils', 'discreteInputs', 'holdingRegisters', 'inputRegisters'];
    const blocks = tables.map((table) => `${table}: [{ start: 0, count: 65536 }]`).join();
    const units = [1, 2, 3, 4].map((id) => `{ id: ${id}, ${blocks} }`).join();
    const { send, get } = await serveApi(await deviceOf(`listen: [{ type: tcp, port: 0 }]\nunits: [${units}]`));
    for (const name of ['a', 'b', 'c', 'd']) await send('POST', 'snapshot', { name });
    expect((await get('snapshot?name=a')).body.allowed).toEqual(['b', 'c', 'd']);
  });
});

test('a body is UTF-8, with or without a mark in front of it', async () => {
  const { url, get } = await boiler();
  const put = async (body: Uint8Array) => {
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch(new URL('api/v1/units/1/points/a', url), { method: 'PUT', headers, body })).status;
  };
  expect(await put(Buffer.from('\ufeff{"value":7}'))).toBe(200);
  expect((await get('units/1/points/a')).body.value).toBe(7);
  expect(await put(Buffer.from('{"value":8}', 'utf16le'))).toBe(400);
  expect(await put(Buffer.from('{"value":"\xff"}', 'latin1'))).toBe(400);
});
