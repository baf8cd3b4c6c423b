import { describe, expect, test } from 'vitest';
import type { Point, Unit } from '../../src/api/contract.js';
import { serveApi } from './helpers/api.js';
import { BOILER, deviceOf } from './helpers/device.js';

async function boiler() {
  const device = await deviceOf();
  return { ...(await serveApi(device)), unit: device.units[0], device };
}

describe('units', () => {
  test('are listed, with the addresses that they have', async () => {
    const { get } = await boiler();
    const { body } = await get('units');
    expect(body.map(({ key, name, points, listeners }: Unit) => [key, name, points, listeners])).toEqual([
      [1, 'boiler', 11, ['plant']],
      [2, 'meter', 0, ['plant']],
    ]);
    expect(body[0].tables.coils).toEqual([
      { start: 3, count: 1 },
      { start: 8, count: 8 },
    ]);
    expect((await get('units/2')).body).toEqual(body[1]);
  });

  test('have their names as well as their ids, and where ids repeat only their names', async () => {
    const { get } = await boiler();
    expect((await get('units/meter')).body.key).toBe(2);
    const twice = BOILER.replace('id: 2', 'id: 1').replace(
      'name: plant',
      'name: plant, units: [boiler] }, { type: tcp, port: 0, units: [meter]',
    );
    const other = await serveApi(await deviceOf(twice));
    expect((await other.get('units')).body.map(({ key }: Unit) => key)).toEqual(['boiler', 'meter']);
    expect((await other.get('units/meter')).body.id).toBe(1);
    const { status, body } = await other.get('units/1');
    expect([status, body.allowed]).toEqual([404, ['boiler', 'meter']]);
  });

  test.each(['3', '01', '1x', '-1', '__proto__', '%00', '%F0%9F%92%A7'])('there is no unit %s', async (key) => {
    const { get } = await boiler();
    const { status, body } = await get(`units/${key}`);
    expect(status).toBe(404);
    if (key === '3') expect(body).toMatchObject({ detail: 'there is no unit 3', allowed: ['1', '2'] });
  });
});

describe('points', () => {
  test('are listed as they are declared, with their values', async () => {
    const { get } = await boiler();
    const { body } = await get('units/1/points');
    expect(body.map(({ name, value, text }: Point) => [name, value, text])).toEqual([
      ['flow', 65, '65.0 °C'],
      ['setpoint', 55, '55.0 °C'],
      ['energy', 21.5, '21.5 kWh'],
      ['total', 4711, '4711'],
      ['mode', 'auto', 'auto'],
      ['alarms', [], 'none'],
      ['alarm', false, 'off'],
      ['digits', 1234, '1234'],
      ['pump', true, 'on'],
      ['serialNo', 'B-1234', 'B-1234'],
      ['level', 0, '0'],
    ]);
    expect(body[1]).toEqual({
      unit: 1,
      name: 'setpoint',
      table: 'holdingRegisters',
      address: 1,
      reference: '40002',
      place: 'holding 1 (40002)',
      quantity: 1,
      type: 'int16',
      order: 'ABCD',
      scale: 0.1,
      measure: '°C',
      description: 'Wanted',
      min: 30,
      max: 80,
      readOnly: false,
      value: 55,
      text: '55.0 °C',
      raw: [550],
      changed: null,
    });
    expect(body[10].simulated).toBe('ramp 0 to 60');
  });

  test('can be asked for by their names', async () => {
    const { get } = await boiler();
    const { body } = await get('units/boiler/points?names=pump,flow');
    expect(body.map(({ name }: Point) => name)).toEqual(['pump', 'flow']);
    const { status, body: problem } = await get('units/boiler/points?names=pump,flwo');
    expect([status, problem.detail]).toEqual([404, 'unit 1 (boiler) has no point "flwo"; did you mean flow?']);
  });

  test('without a value of their type have none', async () => {
    const { get, unit } = await boiler();
    unit.holdingRegisters.set(20, 7);
    unit.holdingRegisters.set(33, 0xabcd);
    expect((await get('units/1/points/mode')).body).toMatchObject({ value: null, text: '7 (no label)', raw: [7] });
    expect((await get('units/1/points/digits')).body).toMatchObject({ value: null, raw: [0xabcd] });
  });

  test('tell their last change, and by whom', async () => {
    const { get, unit, send } = await boiler();
    unit.as('test', () => unit.holdingRegisters.set(0, [651, 550]));
    await new Promise(setImmediate);
    const before = Date.now();
    expect((await get('units/1/points/flow')).body.changed).toMatchObject({ by: 'test' });
    expect((await get('units/1/points/setpoint')).body.changed).toBeNull();
    const { body } = await send('PUT', 'units/1/points/setpoint', { value: 60 });
    expect(body.changed.by).toBe('api');
    expect(body.changed.time).toBeGreaterThanOrEqual(before);
  });
});

describe('a write of a point', () => {
  test.each([
    ['setpoint', 80, [800]],
    ['setpoint', 30, [300]],
    ['flow', -5.04, [0xffce]],
    ['energy', 'NaN', [0, 0x7fc0]],
    ['energy', '-Infinity', [0, 0xff80]],
    ['total', '9007199254740993', [0x20, 0, 0, 1]],
    ['total', 7, [0, 0, 0, 7]],
    ['mode', 'hand', [2]],
    ['alarms', ['no flow', 'overheated'], [9]],
    ['alarm', true, [1]],
    ['pump', false, [0]],
    ['serialNo', '123', [0x3132, 0x3300, 0, 0]],
  ])('%s = %j', async (name, value, raw) => {
    const { send, get } = await boiler();
    const { status, body } = await send('PUT', `units/1/points/${name}`, { value });
    expect([status, body.raw]).toEqual([200, raw]);
    expect((await get(`units/1/points/${name}`)).body).toEqual(body);
  });

  test.each([
    ['setpoint', 80.1, 'setpoint: expected a value from 30 to 80, found 80.1 °C'],
    ['setpoint', 29, 'setpoint: expected a value from 30 to 80, found 29.0 °C'],
    ['setpoint', 'warm', 'setpoint: expected a number from -3276.8 to 3276.7, found "warm"'],
    ['setpoint', 'NaN', 'setpoint: expected a number'],
    ['flow', 5000, 'flow: expected a number from -3276.8 to 3276.7, found 5000'],
    ['total', -1, 'total: expected'],
    ['total', '18446744073709551616', 'total: expected'],
    ['total', 2 ** 53, '9007199254740992 may not be the number that was meant'],
    ['mode', 2, 'mode: expected one of "off", "auto", "hand", found 2'],
    ['mode', 'handy', 'mode: expected one of'],
    ['alarms', ['smoke'], 'alarms:'],
    ['alarms', 'no flow', 'alarms:'],
    ['pump', 1, 'pump: expected true or false, found 1'],
    ['digits', 10_000, 'digits:'],
    ['serialNo', '123456789', 'serialNo:'],
    ['serialNo', 4711, 'serialNo:'],
  ])('%s = %j is refused', async (name, value, detail) => {
    const { send, get } = await boiler();
    const before = (await get(`units/1/points/${name}`)).body;
    const { status, body } = await send('PUT', `units/1/points/${name}`, { value });
    expect([status, body.detail]).toEqual([422, expect.stringContaining(detail)]);
    expect((await get(`units/1/points/${name}`)).body).toEqual(before);
  });

  test.each<[string, unknown, number, string]>([
    ['no value', {}, 400, 'expected the key "value"'],
    ['no value of any point', { value: null }, 400, 'value: expected'],
    ['nor this', { value: { a: 1 } }, 400, 'value: expected'],
    ['another key', { value: 60, force: true }, 400, 'force: unknown key; expected one of value'],
    ['a list', [60], 400, 'expected a map with value, found a list of 1'],
    ['a text that ends early', '{"value":', 400, 'the body is no JSON'],
    ['a text that goes on', '{"value": 60} 61', 400, 'the body is no JSON'],
    ['nothing', ' ', 400, 'the body is no JSON'],
  ])('needs a body as in the contract: %s', async (_, body, status, detail) => {
    const { send } = await boiler();
    const answer = await send('PUT', 'units/1/points/setpoint', body);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
  });

  test('needs JSON', async () => {
    const { send } = await boiler();
    const headers = { 'Content-Type': 'text/plain' };
    const { status, body } = await send('PUT', 'units/1/points/setpoint', '{"value": 60}', headers);
    expect([status, body.allowed]).toEqual([415, ['application/json']]);
  });

  test('is an event by the API', async () => {
    const { send, unit } = await boiler();
    const events: unknown[] = [];
    unit.on('pointChange', ({ point, value, previous, by }) => events.push([point.name, previous, value, by]));
    await send('PUT', 'units/1/points/setpoint', { value: 60 });
    await send('PUT', 'units/1/points/setpoint', { value: 90 });
    expect(events).toEqual([['setpoint', 55, 60, 'api']]);
  });
});
