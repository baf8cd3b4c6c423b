import { describe, expect, test } from 'vitest';
import { ramp, sine, square, triangle } from '../../src/behaviours/periodic.js';
import { toggle } from '../../src/behaviours/toggle.js';
import { create, valuesAt } from '../helpers/behaviour.js';

const QUARTERS = [0, 15, 30, 45, 60, 75];

describe('a ramp', () => {
  test('goes from one value to the other, and begins again', () => {
    expect(valuesAt(create(ramp, { from: 0, to: 100, period: '60s' }), QUARTERS)).toEqual([0, 25, 50, 75, 0, 25]);
  });

  test('may fall', () => {
    expect(valuesAt(create(ramp, { from: 100, to: 0, period: '1m' }), QUARTERS)).toEqual([100, 75, 50, 25, 100, 75]);
  });

  test('begins with its phase', () => {
    const behaviour = create(ramp, { from: 0, to: 100, period: '60s', phase: '30s' });
    expect(valuesAt(behaviour, QUARTERS)).toEqual([50, 75, 0, 25, 50, 75]);
  });

  test('stays at its end if it goes once', () => {
    const behaviour = create(ramp, { from: 0, to: 100, period: '60s', once: true });
    expect(valuesAt(behaviour, [...QUARTERS, 6000])).toEqual([0, 25, 50, 75, 100, 100, 100]);
  });
});

test('a triangle goes there and back', () => {
  expect(valuesAt(create(triangle, { from: 10, to: 20, period: '60s' }), QUARTERS)).toEqual([10, 15, 20, 15, 10, 15]);
});

test('a sine begins in its middle and rises', () => {
  const values = valuesAt(create(sine, { from: 60, to: 70, period: '60s' }), QUARTERS).map(Number);
  expect(values.map((value) => Number(value.toFixed(9)))).toEqual([65, 70, 65, 60, 65, 70]);
});

describe('a square', () => {
  test('has each value for half of its period', () => {
    expect(valuesAt(create(square, { from: 0, to: 1, period: '60s' }), QUARTERS)).toEqual([0, 0, 1, 1, 0, 0]);
  });

  test('has the second value for the share that is its duty', () => {
    const behaviour = create(square, { from: 'off', to: 'on', period: '60s', duty: 0.25 });
    expect(valuesAt(behaviour, QUARTERS)).toEqual(['off', 'off', 'off', 'on', 'off', 'off']);
  });
});

describe('a toggle', () => {
  test('is off and on by turns', () => {
    expect(valuesAt(create(toggle, { every: '15s' }), QUARTERS)).toEqual([false, true, false, true, false, true]);
  });

  test('has two values of its own', () => {
    const behaviour = create(toggle, { every: '30s', between: ['auto', 'hand'] });
    expect(valuesAt(behaviour, QUARTERS)).toEqual(['auto', 'auto', 'hand', 'hand', 'auto', 'auto']);
  });
});

test('the period does not depend on when it is asked', () => {
  const asked = create(sine, { from: 0, to: 1, period: '7s' });
  valuesAt(asked, [0.1, 0.2, 3]);
  expect(valuesAt(asked, [1000.5])).toEqual(valuesAt(create(sine, { from: 0, to: 1, period: '7s' }), [1000.5]));
});
