import { describe, expect, test } from 'vitest';
import { clock } from '../../src/behaviours/clock.js';
import { constant } from '../../src/behaviours/constant.js';
import { count } from '../../src/behaviours/count.js';
import { create, seconds, valuesAt } from '../helpers/behaviour.js';

describe('a count', () => {
  test('begins with the value of its point, and adds one each second', () => {
    expect(valuesAt(create(count, {}), [0, 0.9, 1, 2.5, 10], 7)).toEqual([7, 7, 8, 9, 17]);
  });

  test('adds its own amount at its own pace, in decimals', () => {
    const values = valuesAt(create(count, { by: 0.1, every: '10s' }), [0, 10, 20, 30, 100], 0);
    expect(values).toEqual([0, 0.1, 0.2, 0.3, 1]);
  });

  test('wraps behind its end', () => {
    expect(valuesAt(create(count, { to: 3 }), seconds(9), 0)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0]);
    expect(valuesAt(create(count, { from: 1, to: 3 }), [0, 3, 4, 300])).toEqual([1, 1, 2, 1]);
    expect(valuesAt(create(count, { from: 0, to: 1, by: 0.25 }), [4, 5], 0)).toEqual([1, 0]);
    expect(valuesAt(create(count, { from: 1, to: 12, by: 4 }), seconds(5))).toEqual([1, 5, 9, 1, 5]);
    expect(valuesAt(create(count, { from: 0, to: 0.3, by: 0.1 }), [3, 4])).toEqual([0.3, 0]);
  });

  test('counts down', () => {
    expect(valuesAt(create(count, { from: 3, to: 0, by: -1 }), seconds(6))).toEqual([3, 2, 1, 0, 3, 2]);
  });

  test('goes on from what somebody writes', () => {
    const behaviour = create(count, {});
    expect(valuesAt(behaviour, [0, 5], 0)).toEqual([0, 5]);
    expect(valuesAt(behaviour, [7], 100)).toEqual([102]);
  });

  test('goes on from a value that it takes up, if that is one of its own', () => {
    const from = (held: number, settings: object) => valuesAt(create(count, settings), [60, 62], held, true);
    expect(from(7, { from: 1 })).toEqual([7, 9]);
    expect(from(7, { from: 1, to: 8 })).toEqual([7, 1]);
    expect(from(7, { from: 9, to: 1, by: -1 })).toEqual([7, 5]);
    expect(from(0, { from: 1 })).toEqual([61, 63]);
    expect(from(9, { from: 1, to: 8 })).toEqual([5, 7]);
    expect(from(7, {})).toEqual([7, 9]);
  });

  test.each([{ to: 0 }, { from: 5, to: 3 }, { to: 5, by: -1 }, { by: 0, to: 1 }])('is refused with %o', (settings) => {
    expect(count.settings.safeParse(settings).success).toBe(false);
  });
});

describe('a clock', () => {
  const date = Date.parse('2026-03-01T22:05:09.250Z');
  const parts = {
    unix: Math.floor(date / 1000),
    unixMs: date,
    uptime: 61,
    year: 2026,
    month: 3,
    day: 1,
    weekday: 7,
    hour: 22,
    minute: 5,
    second: 9,
  };

  test.each(Object.entries(parts))('tells %s', (part, expected) => {
    expect(create(clock, part)({ time: 61_999, date, held: () => 0, takenUp: false })).toBe(expected);
  });

  test('knows no other part', () => {
    expect(clock.settings.safeParse('fortnight').success).toBe(false);
  });
});

test.each([5, true, 'auto', ['overheated']])('a constant is %j', (value) => {
  expect(valuesAt(create(constant, value), [0, 1000])).toEqual([value, value]);
});
