import { describe, expect, test } from 'vitest';
import { follow } from '../../src/behaviours/follow.js';
import { total } from '../../src/behaviours/total.js';
import { create, seconds, valuesAt } from '../helpers/behaviour.js';

describe('a point that follows another', () => {
  const points = { setpoint: 100 };

  test('has gone 63 % of the way after its lag, and nearly all of it after five', () => {
    const values = valuesAt(create(follow, { point: 'setpoint', lag: '10s' }, { points }), [0, 10, 50], 0).map(Number);
    expect(values[0]).toBe(0);
    expect(values[1]).toBeCloseTo(63.2, 1);
    expect(values[2]).toBeGreaterThan(99);
  });

  test('comes to the same value in many steps as in one', () => {
    const often = valuesAt(create(follow, { point: 'setpoint', lag: '10s' }, { points }), seconds(101, 0.1), 20);
    const once = valuesAt(create(follow, { point: 'setpoint', lag: '10s' }, { points }), [0, 10], 20);
    expect(Number(once[1])).toBeCloseTo(Number(often[100]), 9);
  });

  test('is there at once without a lag', () => {
    expect(valuesAt(create(follow, { point: 'setpoint' }, { points }), [0], 0)).toEqual([100]);
  });

  test('follows with gain and offset, a bit as 0 and 1', () => {
    const settings = { point: 'pump', gain: 50, offset: -5 };
    expect(valuesAt(create(follow, settings, { points: { pump: true } }), [0])).toEqual([45]);
  });

  test('goes on from what somebody writes', () => {
    const behaviour = create(follow, { point: 'setpoint', lag: '10s' }, { points });
    valuesAt(behaviour, [0], 0);
    expect(Number(valuesAt(behaviour, [10], 100)[0])).toBe(100);
  });
});

describe('a total', () => {
  const points = { power: 6 };

  test('adds up another point over time', () => {
    const behaviour = create(total, { point: 'power', per: '1h' }, { points });
    expect(valuesAt(behaviour, [0, 600, 3600, 7200], 100)).toEqual([100, 101, 106, 112]);
  });

  test('comes to the same in many steps as in one', () => {
    const often = valuesAt(create(total, { point: 'power', gain: 0.5 }, { points }), seconds(101, 0.1), 0);
    expect(Number(often.at(-1))).toBeCloseTo(30, 9);
  });

  test('goes on from what somebody writes', () => {
    const behaviour = create(total, { point: 'power' }, { points });
    valuesAt(behaviour, [0, 10], 0);
    expect(valuesAt(behaviour, [11], 0)).toEqual([6]);
  });
});
