import { describe, expect, test } from 'vitest';
import { serveApi } from './helpers/api.js';
import { deviceOf } from './helpers/device.js';

async function boiler() {
  const device = await deviceOf();
  return { ...(await serveApi(device)), unit: device.units[0] };
}

describe('a query that is wrong', () => {
  test.each([
    ['holding?start=65536', 'start: expected a whole number from 0 to 65535, found the text "65536"'],
    ['holding?count=0', 'count: expected a whole number from 1 to 65536, found the text "0"'],
    ['holding?count=65537', 'count: expected a whole number from 1 to 65536, found the text "65537"'],
    ['holding?start=-1', 'start: expected a number, such as 10 or 0x0A'],
  ])('is told what is allowed: %s', async (query, detail) => {
    const { get } = await boiler();
    expect((await get(`units/1/${query}`)).body.detail).toBe(detail);
  });

  test('is told what it lacks', async () => {
    const { send } = await boiler();
    const { body } = await send('PUT', 'units/1/holding', { values: [1] });
    expect(body.detail).toBe('expected the key "start" (a whole number from 0 to 65535), found none');
  });
});

describe('a table is read', () => {
  test('as registers, from its first up to the next gap', async () => {
    const { get } = await boiler();
    expect((await get('units/1/holding')).body).toEqual({
      unit: 1,
      table: 'holdingRegisters',
      start: 0,
      count: 2,
      type: 'uint16',
      order: 'ABCD',
      values: [650, 550],
      registers: [650, 550],
    });
    expect((await get('units/1/input?start=200')).body).toMatchObject({
      start: 200,
      count: 4,
      values: [0, 0, 0, 4711],
    });
  });

  test('as numbers of any type and order', async () => {
    const { get, unit } = await boiler();
    unit.holdingRegisters.set(100, [0xffff, 0xfffe, 0, 0, 0x41ac, 0, 0, 0x41ac, 0x7fc0, 0]);
    const values = async (query: string) => (await get(`units/1/holding?${query}`)).body.values;
    expect(await values('start=100&count=2&type=int16')).toEqual([-1, -2]);
    expect(await values('start=100&count=1&type=int32')).toEqual([-2]);
    expect(await values('start=0x64&count=1&type=uint32&order=CDAB')).toEqual([0xfffeffff]);
    expect(await values('start=100&count=1&type=uint64')).toEqual(['18446744065119617024']);
    expect(await values('start=100&count=1&type=int64')).toEqual([-8589934592]);
    expect(await values('start=104&count=1&type=float32')).toEqual([21.5]);
    expect(await values('start=106&count=1&type=float32&order=CDAB')).toEqual([21.5]);
    expect(await values('start=108&type=float32')).toEqual(['NaN']);
    expect(await values('start=102&count=2&type=float64')).toHaveLength(2);
  });

  test('as bits', async () => {
    const { get } = await boiler();
    const { body } = await get('units/1/coils?start=8&count=3');
    expect(body).toMatchObject({ table: 'coils', type: 'bool', values: [false, false, false] });
    expect(body.registers).toBeUndefined();
    expect((await get('units/1/coils')).body).toMatchObject({ start: 3, count: 1, values: [true] });
  });

  test.each([
    ['units/1/holding?start=0&count=3', 404, 'not all of the 3 addresses from 0 on exist'],
    ['units/1/holding?start=1&type=float32', 404, 'not all of the 2 addresses from 1 on exist'],
    ['units/1/holding?start=2', 404, 'holdingRegisters: there is no address 2'],
    ['units/1/discrete', 404, 'discreteInputs: there is no address 0'],
    ['units/1/holding?start=65536', 400, 'start: expected'],
    ['units/1/holding?start=-1', 400, 'start: expected'],
    ['units/1/holding?start=1.5', 400, 'start: expected'],
    ['units/1/holding?start=', 400, 'start: expected'],
    ['units/1/holding?start=1e1', 400, 'start: expected'],
    ['units/1/holding?count=0', 400, 'count: expected'],
    ['units/1/holding?start=0&start=1', 400, 'start: expected it once, found it 2 times'],
    ['units/1/holding?type=float', 400, 'type: expected one of int16'],
    ['units/1/holding?order=ACBD', 400, 'order: expected one of ABCD'],
    [
      'units/1/holding?stat=1',
      400,
      'stat: unknown key; expected one of start, count, type, order; did you mean "start"?',
    ],
    ['units/1/coils?type=uint16', 400, 'type and order are for registers'],
    ['units/1/registers', 404, 'expected one of coils, discrete, holding, input'],
  ])('%s is refused', async (path, status, detail) => {
    const { get } = await boiler();
    const answer = await get(path);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
  });

  test('says which addresses there are', async () => {
    const { get } = await boiler();
    expect((await get('units/1/coils?start=9&count=20')).body.allowed).toEqual(['3', '8 to 15']);
  });
});

describe('a table is written', () => {
  test.each([
    ['holding?start=100', [1, 65535], [1, 65535]],
    ['holding?start=100&type=int16', [-1], [0xffff]],
    ['holding?start=100&type=float32&order=CDAB', [21.5, 'Infinity'], [0, 0x41ac, 0, 0x7f80]],
    ['holding?start=100&type=uint64', ['18446744073709551615'], [0xffff, 0xffff, 0xffff, 0xffff]],
    ['holding?start=100&type=int64', [-1], [0xffff, 0xffff, 0xffff, 0xffff]],
    ['input?start=200&type=uint64', [7], [0, 0, 0, 7]],
    ['holding?start=0', [1, 800], [1, 800]],
  ])('%s = %j', async (path, values, registers) => {
    const { send, get } = await boiler();
    const { status, body } = await send('PUT', `units/1/${path}`, { values });
    expect([status, body.registers]).toEqual([200, registers]);
    expect((await get(`units/1/${path}&count=${values.length}`)).body).toEqual(body);
  });

  test('as bits', async () => {
    const { send, unit } = await boiler();
    await send('PUT', 'units/1/coils?start=8', { values: [true, false, true] });
    expect(unit.coils.getRange(8, 3)).toEqual([true, false, true]);
  });

  test.each<[string, unknown, number, string]>([
    ['holding?start=0', [1, 801], 422, 'setpoint: expected a value from 30 to 80, found 80.1 °C'],
    ['holding?start=20', [3], 422, 'mode: expected one of the numbers with a label'],
    ['holding?start=33', [0xabcd], 422, 'digits:'],
    ['holding?start=100', [65536], 422, 'expected an integer from 0 to 65535, found 65536'],
    ['holding?start=100', [1.5], 422, 'expected an integer'],
    ['holding?start=100', ['x'], 422, 'values[0]: expected a number, found "x"'],
    ['holding?start=100', [true], 422, 'values[0]: expected a number, found true'],
    ['holding?start=100&type=int64', [1.5], 422, 'int64: expected an integer from -9223372036854775808'],
    ['holding?start=100&type=float32', [1e39], 422, 'float32: expected'],
    ['holding?start=109', [1, 2], 404, 'not all of the 2 addresses from 109 on exist'],
    ['holding', [1], 400, 'expected the key "start"'],
    ['holding?start=100&count=1', [1], 400, 'count: unknown key'],
    ['holding?start=100', [], 422, 'values: expected at least one'],
    ['holding?start=100', 1, 400, 'values: expected'],
    ['holding?start=100', [[1]], 400, 'values'],
    ['coils?start=3', [1], 422, 'values[0]: expected true or false, found 1'],
    ['coils?start=7', [true], 404, 'coils: there is no address 7'],
  ])('but not %s = %j', async (path, values, status, detail) => {
    const { send, get } = await boiler();
    const before = (await get('snapshot')).body.units;
    const answer = await send('PUT', `units/1/${path}`, { values });
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(detail)]);
    expect((await get('snapshot')).body.units).toEqual(before);
  });

  test('as an event by the API', async () => {
    const { send, unit } = await boiler();
    const events: unknown[] = [];
    unit.on('change', ({ by, ...change }) => events.push([by, 'values' in change && change.values]));
    await send('PUT', 'units/1/holding?start=0', { values: [1, 800] });
    expect(events).toEqual([['api', [1, 800]]]);
  });
});
