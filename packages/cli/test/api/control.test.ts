import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/api/contract.js';
import { connected, request } from '../helpers/client.js';
import { serveApi } from './helpers/api.js';
import { BOILER, deviceOf } from './helpers/device.js';

async function boiler(config = BOILER) {
  const device = await deviceOf(config);
  const [{ listener }] = device.boundServers;
  const modbus = 'port' in listener ? Number(listener.port) : 0;
  return { ...(await serveApi(device)), device, modbus };
}

describe('what runs', () => {
  test('is told at the root', async () => {
    const { get, modbus } = await boiler();
    const { body } = await get('');
    expect(body).toMatchObject({
      config: expect.stringMatching(/boiler\.yaml$/),
      writable: true,
      listeners: [{ name: 'plant', type: 'tcp', place: `tcp 127.0.0.1:${modbus}`, units: [1, 2], state: 'listening' }],
      units: [
        { key: 1, id: 1, name: 'boiler', points: 11 },
        { key: 2, id: 2, name: 'meter', points: 0 },
      ],
      faults: { active: 0, all: 0 },
      simulation: { running: false, moving: 1 },
    });
    expect(body.started).toBeGreaterThan(0);
  });

  test('says when a listener has closed', async () => {
    const { get, device } = await boiler();
    await device.boundServers[0].server.close();
    expect((await get('')).body.listeners[0].state).toBe('closed');
  });
});

describe('clients', () => {
  test('are listed with what they have asked', async () => {
    const { get, modbus } = await boiler();
    expect((await get('clients')).body).toEqual([]);
    const before = Date.now();
    const socket = await connected(modbus);
    await request(socket, 1, '0300000001');
    await request(socket, 1, '0300050001');
    const { body } = await get('clients');
    const { localPort } = socket;
    expect(body).toMatchObject([
      {
        id: '1',
        listener: 'plant',
        transport: 'tcp',
        address: '127.0.0.1',
        port: localPort,
        requests: 2,
        exceptions: 1,
      },
    ]);
    const [{ since, lastRequest }]: Client[] = body;
    expect(since).toBeGreaterThanOrEqual(before);
    expect(lastRequest).toBeGreaterThanOrEqual(since);
    socket.destroy();
  });

  test('can be disconnected', async () => {
    const { get, send, modbus } = await boiler();
    const [one, other] = [await connected(modbus), await connected(modbus)];
    await request(one, 1, '0300000001');
    await request(other, 1, '0300000001');
    const closed = new Promise((resolve) => one.once('close', resolve));
    one.resume();
    const [{ id }]: Client[] = (await get('clients')).body.filter(({ port }: Client) => port === one.localPort);
    expect((await send('DELETE', `clients/${id}`)).status).toBe(204);
    one.end();
    await closed;
    expect((await get('clients')).body.map(({ port }: Client) => port)).toEqual([other.localPort]);
    const { status, body } = await send('DELETE', `clients/${id}`);
    expect([status, body.detail]).toEqual([404, `no client is ${id}`]);
    other.destroy();
  });
});

test('counters are those of listeners and units', async () => {
  const { get, modbus } = await boiler();
  const socket = await connected(modbus);
  await request(socket, 1, '0300050001');
  socket.destroy();
  const { body } = await get('counters');
  expect(body.listeners.plant).toMatchObject({ requests: 1, exceptions: 1, connectionsAccepted: 1 });
  expect(body.units[1]).toMatchObject({ messages: 1, exceptions: 1 });
});

describe('faults', () => {
  test('come, are switched, and go', async () => {
    const { get, send } = await boiler();
    const busy = { name: 'busy', unit: 1, functions: [6, 16], exception: 6, for: '10s' };
    const added = await send('POST', 'faults', busy);
    expect(added).toMatchObject({ status: 201, body: { ...busy, active: true, hits: 0 } });
    expect(added.body.left).toBeGreaterThan(0);
    expect((await get('')).body.faults).toEqual({ active: 1, all: 1 });
    expect((await send('PATCH', 'faults/busy', { active: false })).body).toEqual({ ...busy, active: false, hits: 0 });
    expect((await get('faults')).body).toEqual([{ ...busy, active: false, hits: 0 }]);
    expect((await send('DELETE', 'faults/busy')).status).toBe(204);
    expect((await get('faults')).body).toEqual([]);
  });

  test.each<[string, string, unknown, number, string]>([
    ['POST', 'faults', { name: 'busy', exception: 2 }, 409, 'there is a fault "busy" already'],
    ['POST', 'faults', { name: 'other' }, 400, 'expected a kind of fault'],
    [
      'POST',
      'faults',
      { name: 'other', exception: 2, listener: 9 },
      422,
      'listener: expected the place of a listener from 1',
    ],
    [
      'POST',
      'faults',
      { name: 'other', exception: 2, listener: 'x' },
      422,
      'listener: expected the name of a listener',
    ],
    ['POST', 'faults', { exception: 2 }, 400, 'expected the key "name"'],
    ['POST', 'faults', { name: 'other', excepton: 2 }, 400, 'excepton: unknown key'],
    ['POST', 'faults', { name: 'other', exception: 2, for: 10 }, 400, 'for: '],
    ['POST', 'faults', { name: 'other', exception: 2, listener: 'plent' }, 422, 'did you mean "plant"?'],
    ['POST', 'faults', { name: 'other', exception: 2, listener: 2 }, 422, 'listener: expected the place of a listener'],
    ['PATCH', 'faults/bsy', { active: true }, 404, 'there is no fault "bsy"; did you mean "busy"?'],
    ['PATCH', 'faults/busy', { active: 1 }, 400, 'active: expected true or false, found 1'],
    ['PATCH', 'faults/busy', {}, 400, 'expected the key "active"'],
    ['DELETE', 'faults/bsy', undefined, 404, 'there is no fault'],
    ['DELETE', 'faults', undefined, 405, 'DELETE is not for /api/v1/faults'],
  ])('%s %s %j is refused', async (method, path, body, status, detail) => {
    const { send, get } = await boiler();
    await send('POST', 'faults', { name: 'busy', exception: 6 });
    const answer = await send(method, path, body);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
    expect((await get('faults')).body).toHaveLength(1);
  });

  test('that may hit less than was meant are taken, with warnings', async () => {
    const { send, get } = await boiler();
    const fault = { name: 'far', unit: [1, 9], functions: [1], table: 'holdingRegisters', badChecksum: true };
    const { status, body } = await send('POST', 'faults', fault);
    expect([status, body.warnings]).toEqual([
      201,
      [
        'badChecksum: does nothing on any listener: MBAP has no checksum',
        'functions[0]: hits nothing: function 1 uses no holding registers',
        'unit[1]: no unit has the id 9; requests to it are hit all the same',
      ],
    ]);
    expect((await get('faults')).body).toEqual([{ ...fault, active: true, hits: 0 }]);
  });

  test('have names of any letters', async () => {
    const { send } = await boiler();
    await send('POST', 'faults', { name: 'a/b ü', delay: '1s' });
    const { body } = await send('PATCH', `faults/${encodeURIComponent('a/b ü')}`, { active: false });
    expect(body).toMatchObject({ name: 'a/b ü', active: false });
  });
});

describe('the simulation', () => {
  test('is stepped, paused, and made faster', async () => {
    const { get, send } = await boiler();
    const level = async () => (await get('units/1/points/level')).body.value;
    await send('PATCH', 'simulation', { step: '30s' });
    expect(await level()).toBe(30);
    const { body } = await send('PATCH', 'simulation', { running: true, speed: 60 });
    expect(body).toMatchObject({ running: true, speed: 60, tick: 100, seed: 1, moving: 1 });
    const paused = (await send('PATCH', 'simulation', { running: false })).body;
    expect(paused.running).toBe(false);
    expect((await get('simulation')).body).toEqual(paused);
  });

  test('runs scenarios', async () => {
    const { get, send, device } = await boiler();
    const { pump } = device.units[0].points;
    const { body } = await send('POST', 'scenarios/dry%20run');
    expect(body.scenarios).toEqual([{ unit: 1, name: 'dry run', running: true }]);
    await send('PATCH', 'simulation', { step: '1s' });
    expect(pump.value).toBe(false);
    await send('PATCH', 'simulation', { step: '10s' });
    expect(pump.value).toBe(true);
    expect((await get('simulation')).body.scenarios).toEqual([{ unit: 1, name: 'dry run', running: false }]);
    const wrong = await send('POST', 'scenarios/wet%20run');
    expect(wrong).toMatchObject({ status: 404, body: { allowed: ['boiler.dry run'] } });
  });

  test.each<[unknown, number, string]>([
    [{ speed: 0 }, 422, 'speed: expected more than 0'],
    [{ speed: '2' }, 400, 'speed: expected a number'],
    [{ step: 60 }, 400, 'step: expected a text'],
    [{ step: '60' }, 422, 'step: expected a duration'],
    [{ step: '2h' }, 422, 'step: expected at most 1h, found 2h'],
    [{ step: '1m', speed: -1 }, 422, 'speed: expected'],
    [{ seed: 2 }, 400, 'seed: unknown key'],
  ])('refuses %j', async (body, status, detail) => {
    const { send, get } = await boiler();
    const before = (await get('simulation')).body;
    const answer = await send('PATCH', 'simulation', body);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
    expect((await get('simulation')).body).toEqual(before);
  });
});

describe('a snapshot', () => {
  test('has all values, and sets them again', async () => {
    const { get, send, device } = await boiler();
    const [boilerUnit, meter] = device.units;
    // Beyond the limits of clients: the simulation may do that.
    boilerUnit.points.setpoint.value = 90;
    const { body } = await get('snapshot');
    expect(body.units[0].points).toMatchObject({ setpoint: 90, pump: true, serialNo: 'B-1234' });
    expect(body.units[1].tables.inputRegisters).toEqual([{ start: 0, values: [0, 0, 0, 0] }]);
    boilerUnit.points.setpoint.value = 40;
    boilerUnit.coils.set(8, true);
    meter.inputRegisters.set(0, 7);
    expect((await send('PUT', 'snapshot', body)).status).toBe(204);
    expect((await get('snapshot')).body.units).toEqual(body.units);
  });

  test('is kept under a name', async () => {
    const { get, send, device } = await boiler();
    const { setpoint } = device.units[0].points;
    expect(await send('POST', 'snapshot', { name: 'clean' })).toMatchObject({ status: 201, body: { name: 'clean' } });
    setpoint.value = 40;
    expect((await get('snapshot?name=clean')).body.units[0].points.setpoint).toBe(55);
    await send('PUT', 'snapshot', { name: 'clean' });
    expect(setpoint.value).toBe(55);
    expect(await send('PUT', 'snapshot', { name: 'clear' })).toMatchObject({
      status: 404,
      body: { allowed: ['clean'] },
    });
    for (let i = 0; i < 16; i++) await send('POST', 'snapshot', { name: `later ${i}` });
    expect((await get('snapshot?name=clean')).status).toBe(404);
  });

  test('may have only some values', async () => {
    const { send, device } = await boiler();
    const { points, holdingRegisters } = device.units[0];
    const tables = { holdingRegisters: [{ start: 100, values: [1, 2] }] };
    await send('PUT', 'snapshot', { units: [{ unit: 'boiler', points: { setpoint: 60 }, tables }] });
    expect([points.setpoint.value, holdingRegisters.getRange(100, 3)]).toEqual([60, [1, 2, 0]]);
  });

  test.each([{}, { name: 'clean', units: [] }])('is either kept or given, not %j', async (body) => {
    const { send } = await boiler();
    const answer = await send('PUT', 'snapshot', body);
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('expected either')]);
  });

  test.each<[string, object, number, string]>([
    ['a value that a point cannot have', { points: { pump: false, setpoint: 81 } }, 422, 'setpoint: expected'],
    ['a point that is not there', { points: { pmp: false } }, 404, 'has no point "pmp"; did you mean pump?'],
    [
      'addresses that are not there',
      { tables: { coils: [{ start: 0, values: [true] }] } },
      404,
      'coils: there is no address 0',
    ],
    ['bits that are numbers', { tables: { coils: [{ start: 3, values: [1] }] } }, 400, 'values[0]'],
    ['registers out of range', { tables: { holdingRegisters: [{ start: 0, values: [-1] }] } }, 400, 'values[0]'],
    ['other tables', { tables: { holding: [] } }, 400, 'holding: unknown key'],
  ])('is refused whole: %s', async (_, part, status, detail) => {
    const { send, get } = await boiler();
    const before = (await get('snapshot')).body.units;
    const units = [
      { unit: 2, tables: { inputRegisters: [{ start: 0, values: [9] }] } },
      { unit: 1, ...part },
    ];
    const answer = await send('PUT', 'snapshot', { units });
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
    expect((await get('snapshot')).body.units).toEqual(before);
  });
});
