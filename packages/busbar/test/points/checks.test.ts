import { type PointDeclarations, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';

const points = {
  setpoint: { at: 'holding 1', type: 'int16', scale: 0.1, unit: '°C', min: -30, max: 80, value: 55 },
  total: { at: 'holding 2', type: 'uint32', max: 100_000, value: 65_536, readOnly: true, whole: true },
  mode: { at: 'holding 5', labels: { 0: 'off', 1: 'auto' } },
  level: { at: 'holding 7', type: 'bcd', min: 10 },
  ratio: { at: 'holding 8', type: 'float32', max: 0.1 },
  pump: { at: 'coil 3' },
} as const satisfies PointDeclarations;

const make = () => new Unit({ id: 1, points });

describe('a point checks a value as if a client wrote it', () => {
  test('what is allowed is not written', () => {
    const { setpoint, total, ratio, pump } = make().points;
    setpoint.check(-30);
    setpoint.check(80);
    total.check(100_000);
    ratio.check(0.1);
    pump.check(true);
    expect(setpoint.value).toBe(55);
  });

  test.each<[string, (unit: ReturnType<typeof make>) => void, string]>([
    ['above', ({ points }) => points.setpoint.check(80.1), 'setpoint: expected a value from -30 to 80, found 80.1 °C'],
    ['too great', ({ points }) => points.total.check(100_001), 'total: expected at most 100000, found 100001'],
    ['too small', ({ points }) => points.level.check(9), 'level: expected at least 10, found 9'],
    ['no number', ({ points }) => points.ratio.check(Number.NaN), 'ratio: expected at most 0.1, found NaN'],
    [
      'beyond its type',
      ({ points }) => points.setpoint.check(5000),
      'setpoint: expected a number from -3276.8 to 3276.7, found 5000',
    ],
  ])('%s', (_, check, message) => {
    expect(() => check(make())).toThrow(expect.objectContaining({ code: 'INVALID_VALUE', message }));
  });
});

describe('a unit checks values by the points that they touch', () => {
  test('that clients cannot write them, or not in part, does not matter', () => {
    make().checkValues('holdingRegisters', 3, [1]);
    make().checkValues('coils', 0, [true, false, true, true]);
  });

  test('addresses without points take everything', () => {
    make().checkValues('holdingRegisters', 100, [65_535]);
  });

  test.each<[string, number, number[], string]>([
    ['one of several', 0, [1, 801], 'setpoint: expected a value from -30 to 80, found 80.1 °C'],
    ['a half', 3, [65_535], 'total: expected at most 100000, found 131071'],
    ['no label', 5, [2], 'mode: expected one of the numbers with a label (0, 1), found 2'],
    ['no digits', 7, [0x1a], 'level:'],
  ])('%s', (_, address, values, message) => {
    const unit = make();
    expect(() => unit.checkValues('holdingRegisters', address, values)).toThrow(message);
    expect(unit.points.setpoint.value).toBe(55);
  });

  test('bits that are parts of registers, where tables are one memory', () => {
    const unit = new Unit({
      id: 1,
      shared: true,
      points: { level: { at: 'holding 1', max: 10, value: 8 }, alarm: { at: 'coil 40' } },
    });
    unit.checkValues('coils', 17, [true]);
    expect(() => unit.checkValues('coils', 16, [true, true, true])).toThrow('level: expected at most 10, found 15');
    expect(() => unit.checkValues('inputRegisters', 1, [11])).toThrow('level: expected at most 10, found 11');
    unit.checkValues('holdingRegisters', 2, [0xffff]);
  });
});
