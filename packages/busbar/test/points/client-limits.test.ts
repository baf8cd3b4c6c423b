import { type AccessOptions, type PointDeclarations, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { ask, serve } from '../helpers/served.js';

const REFUSED = { address: '02', value: '03' };

/** The exception code that a client gets for a request, or `ok`; a refused write has changed nothing. */
async function write(points: PointDeclarations, request: string, access: AccessOptions = {}): Promise<string> {
  const unit = new Unit({ id: 1, points, access });
  const before = Object.values(unit.points).map(({ raw }) => raw);
  const client = await (await serve({ units: [unit] })).connect();
  const reply = await ask(client, 1, request);
  if (!/^[89]/.test(reply)) return 'ok';
  expect(Object.values(unit.points).map(({ raw }) => raw)).toEqual(before);
  return reply.slice(2);
}

const SETPOINT = { setpoint: { at: 'holding 1', type: 'int16', scale: 0.1, min: -30, max: 80, value: 55 } } as const;
const ENERGY = { energy: { at: 'holding 2', type: 'float32', order: 'CDAB', min: 0, max: 0.1 } } as const;
const TOTAL = { total: { at: 'holding 2', type: 'int32', min: -2, max: 100_000, value: 65_536 } } as const;
const HUGE = { huge: { at: 'holding 0', type: 'uint64', max: 2n ** 63n } } as const;
const MODE = { mode: { at: 'holding 5', labels: { 0: 'off', 1: 'auto' } } } as const;
const LEVEL = { level: { at: 'holding 7', type: 'bcd', max: 50 } } as const;

describe('limits bind clients, after scaling, with the sign', () => {
  test.each<[string, PointDeclarations, string, string]>([
    ['80.0', SETPOINT, 'fc:06 address:0001 value:0320', 'ok'],
    ['80.1', SETPOINT, 'fc:06 address:0001 value:0321', REFUSED.value],
    ['-30.0', SETPOINT, 'fc:06 address:0001 value:FED4', 'ok'],
    ['-30.1', SETPOINT, 'fc:06 address:0001 value:FED3', REFUSED.value],
    ['80.1 by a mask', SETPOINT, 'fc:16 address:0001 and:0000 or:0321', REFUSED.value],
    ['0.1 in single precision', ENERGY, 'fc:10 start:0002 quantity:0002 byteCount:04 values:CCCD_3DCC', 'ok'],
    ['0.10000001', ENERGY, 'fc:10 start:0002 quantity:0002 byteCount:04 values:CCCE_3DCC', REFUSED.value],
    ['not a number', ENERGY, 'fc:10 start:0002 quantity:0002 byteCount:04 values:0000_7FC0', REFUSED.value],
    ['-2 in two registers', TOTAL, 'fc:10 start:0002 quantity:0002 byteCount:04 values:FFFF_FFFE', 'ok'],
    ['-3 in two registers', TOTAL, 'fc:10 start:0002 quantity:0002 byteCount:04 values:FFFF_FFFD', REFUSED.value],
    ['2^63', HUGE, 'fc:10 start:0000 quantity:0004 byteCount:08 values:8000_0000_0000_0000', 'ok'],
    ['2^63 + 1', HUGE, 'fc:10 start:0000 quantity:0004 byteCount:08 values:8000_0000_0000_0001', REFUSED.value],
    ['a number with a label', MODE, 'fc:06 address:0005 value:0001', 'ok'],
    ['a number without a label', MODE, 'fc:06 address:0005 value:0002', REFUSED.value],
    ['50 in BCD', LEVEL, 'fc:06 address:0007 value:0050', 'ok'],
    ['51 in BCD', LEVEL, 'fc:06 address:0007 value:0051', REFUSED.value],
    ['digits that are not BCD', LEVEL, 'fc:06 address:0007 value:001A', REFUSED.value],
  ])('%s', async (_, points, request, expected) => {
    expect(await write(points, request)).toBe(expected);
  });

  test('on the value that a write of one half would make', async () => {
    // 65536 is 0001 0000: with the low half 8000 it is 98304, with FFFF 131071.
    expect(await write(TOTAL, 'fc:06 address:0003 value:8000')).toBe('ok');
    expect(await write(TOTAL, 'fc:06 address:0003 value:FFFF')).toBe(REFUSED.value);
    expect(await write(TOTAL, 'fc:06 address:0002 value:0002')).toBe(REFUSED.value);
  });

  test('wherever in a write the point is', async () => {
    const points = { a: { at: 'holding 0' }, ...SETPOINT, b: { at: 'holding 2' } } as const;
    const request = (value: string) => `fc:10 start:0000 quantity:0003 byteCount:06 values:FFFF_${value}_FFFF`;
    expect(await write(points, request('0320'))).toBe('ok');
    expect(await write(points, request('0321'))).toBe(REFUSED.value);
    expect(await write(points, 'fc:17 0000 0001 0001 0001 02 0321')).toBe(REFUSED.value);
  });

  test('beside the access rules of the unit', async () => {
    const limits = [{ table: 'holdingRegisters', start: 1, count: 1, max: 100 }] as const;
    expect(await write(SETPOINT, 'fc:06 address:0001 value:0065', { limits })).toBe(REFUSED.value);
    expect(await write(SETPOINT, 'fc:06 address:0001 value:0064', { limits })).toBe('ok');
  });

  test('but not the program', () => {
    const { points } = new Unit({ id: 1, points: { ...SETPOINT, ...LEVEL } });
    points.setpoint.value = 200;
    points.level.value = 9999;
    expect([points.setpoint.value, points.level.value]).toEqual([200, 9999]);
  });
});

describe('what is read-only', () => {
  const SERIAL = { serial: { at: 'holding 40', type: 'string', length: 2, readOnly: true } } as const;
  const BITS = {
    command: { at: 'holding 30.0' },
    fault: { at: 'holding 30.1', value: true, readOnly: true },
  } as const;

  test.each<[string, PointDeclarations, string, string]>([
    ['a part of a point', SERIAL, 'fc:06 address:0029 value:0000', REFUSED.address],
    ['a coil', { lamp: { at: 'coil 3', readOnly: true } }, 'fc:05 address:0003 value:0000', REFUSED.address],
    [
      'a coil among others',
      { a: { at: 'coil 2' }, b: { at: 'coil 3', readOnly: true } },
      'fc:0F 0002 0002 01 03',
      '02',
    ],
    ['a bit that would change', BITS, 'fc:06 address:001E value:0001', REFUSED.address],
    ['a bit that stays', BITS, 'fc:06 address:001E value:0003', 'ok'],
    ['a bit that a mask leaves out', BITS, 'fc:16 address:001E and:FFFE or:0001', 'ok'],
    ['a bit that a mask clears', BITS, 'fc:16 address:001E and:0000 or:0001', REFUSED.address],
  ])('cannot be written: %s', async (_, points, request, expected) => {
    expect(await write(points, request)).toBe(expected);
  });

  test('gets the exception that the unit has for that', async () => {
    expect(await write(SERIAL, 'fc:06 address:0028 value:0000', { readOnlyException: 1 })).toBe('01');
  });

  test('comes before values that are refused', async () => {
    const request = 'fc:10 start:0027 quantity:0002 byteCount:04 values:FFFF_0000';
    expect(await write({ ...SERIAL, mode: { ...MODE.mode, at: 'holding 39' } }, request)).toBe(REFUSED.address);
  });
});

describe('a write of a part of a point', () => {
  const counter = { at: 'holding 2', type: 'uint32' } as const;

  test('is allowed', async () => {
    expect(await write({ counter }, 'fc:06 address:0003 value:0001')).toBe('ok');
  });

  test('is refused if the point wants to be written whole', async () => {
    const points = { counter: { ...counter, whole: true } };
    expect(await write(points, 'fc:06 address:0003 value:0001')).toBe(REFUSED.value);
    expect(await write(points, 'fc:06 address:0002 value:0001')).toBe(REFUSED.value);
    expect(await write(points, 'fc:10 start:0002 quantity:0002 byteCount:04 values:0001_0002')).toBe('ok');
  });
});

test('limits hold in a write that goes to a handler, too, which is not called for a refused one', async () => {
  const handled: number[][] = [];
  const unit = new Unit({
    id: 1,
    holdingRegisters: [
      { start: 2, count: 1, read: () => [0], write: async (_, values) => void handled.push([...values]) },
    ],
    points: SETPOINT,
  });
  const client = await (await serve({ units: [unit] })).connect();
  expect(await ask(client, 1, 'fc:10 start:0001 quantity:0002 byteCount:04 values:0321_0007')).toBe('9003');
  expect(await ask(client, 1, 'fc:10 start:0001 quantity:0002 byteCount:04 values:0320_0008')).toBe('1000010002');
  expect([handled, unit.points.setpoint.value]).toEqual([[[8]], 80]);
});
