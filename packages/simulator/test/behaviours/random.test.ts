import { describe, expect, test } from 'vitest';
import { random } from '../../src/behaviours/random.js';
import { walk } from '../../src/behaviours/walk.js';
import { create, seconds, valuesAt } from '../helpers/behaviour.js';

const LONG = seconds(2000);

describe('random values', () => {
  test('lie between their ends, and reach far towards both', () => {
    const values = valuesAt(create(random, { from: 1400, to: 1500 }), LONG).map(Number);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(1400);
    expect(Math.max(...values)).toBeLessThanOrEqual(1500);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(95);
  });

  test('are new at each interval, and the same within one', () => {
    const [a, b, c, d] = valuesAt(create(random, { from: 0, to: 1, every: '500ms' }), [0, 0.4, 0.5, 0.9]);
    expect([a, c]).toEqual([b, d]);
    expect(a).not.toBe(c);
  });

  test('gather around a mean', () => {
    const values = valuesAt(create(random, { mean: 230, deviation: 2 }), LONG).map(Number);
    expect(values.reduce((sum, value) => sum + value) / values.length).toBeCloseTo(230, 0);
    expect(values.filter((value) => Math.abs(value - 230) < 2).length / values.length).toBeCloseTo(0.68, 1);
  });

  test('are chosen from a list', () => {
    const values = valuesAt(create(random, { of: ['off', 'auto', 'hand'] }), LONG);
    expect(new Set(values)).toEqual(new Set(['off', 'auto', 'hand']));
  });

  test('follow from the seed', () => {
    const settings = { from: 0, to: 1 };
    const first = valuesAt(create(random, settings, { seed: 4 }), LONG);
    expect(valuesAt(create(random, settings, { seed: 4 }), LONG)).toEqual(first);
    expect(valuesAt(create(random, settings, { seed: 5 }), LONG)).not.toEqual(first);
  });

  test.each([{}, { from: 1 }, { to: 1 }, { mean: 1 }, { deviation: 1 }, { from: 0, to: 1, mean: 2, deviation: 1 }])(
    'are refused with %o',
    (settings) => {
      expect(random.settings.safeParse(settings).success).toBe(false);
    },
  );
});

describe('a walk', () => {
  const settings = { from: 0, to: 100, step: 5 };

  test('takes steps of at most their length, and stays between its ends', () => {
    const values = valuesAt(create(walk, settings), LONG, 50).map(Number);
    values.forEach((value, i) => {
      expect(Math.abs(value - (values[i - 1] ?? 50))).toBeLessThanOrEqual(5);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(100);
    });
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(50);
  });

  test('comes to the same places however seldom it is asked', () => {
    const often = valuesAt(create(walk, settings), seconds(1001), 50);
    expect(valuesAt(create(walk, settings), [0, 137, 1000], 50)[2]).toBe(often[1000]);
  });

  test('begins in the middle if the point holds nothing between its ends', () => {
    expect(valuesAt(create(walk, { from: 10, to: 20, step: 1 }), [0], 0)).toEqual([15]);
  });

  test('goes on from what somebody writes', () => {
    const behaviour = create(walk, settings);
    valuesAt(behaviour, [0], 50);
    const [next] = valuesAt(behaviour, [1], 90).map(Number);
    expect(Math.abs((next ?? 0) - 90)).toBeLessThanOrEqual(5);
  });

  test('turns back even if its steps are longer than its way', () => {
    const values = valuesAt(create(walk, { from: 0, to: 1, step: 50 }), LONG, 0).map(Number);
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test('is refused if its ends are the wrong way round', () => {
    expect(walk.settings.safeParse({ from: 2, to: 1, step: 1 }).success).toBe(false);
  });
});
