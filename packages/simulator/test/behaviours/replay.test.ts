import { describe, expect, test } from 'vitest';
import { replay } from '../../src/behaviours/replay.js';
import { create, valuesAt } from '../helpers/behaviour.js';

const series = { times: [0, 10_000, 20_000], values: [1, 5, 3] };
const file = 'day.csv';

describe('a replay', () => {
  test('has each value until the next, and stays at the last', () => {
    expect(valuesAt(create(replay, { file }, { series }), [0, 9.9, 10, 19, 20, 100])).toEqual([1, 1, 5, 5, 3, 3]);
  });

  test('begins again after the last value, which lasts as long as the one before', () => {
    expect(valuesAt(create(replay, { file, loop: true }, { series }), [20, 29.9, 30, 41, 300])).toEqual([
      3, 3, 1, 5, 1,
    ]);
  });

  test('moves in straight lines if it is smooth', () => {
    expect(valuesAt(create(replay, { file, smooth: true }, { series }), [0, 5, 10, 15, 20, 25])).toEqual([
      1, 3, 5, 4, 3, 3,
    ]);
  });

  test('jumps between texts even then', () => {
    const labels = { times: [0, 10_000], values: ['off', 'auto'] };
    expect(valuesAt(create(replay, { file, smooth: true }, { series: labels }), [5, 10])).toEqual(['off', 'auto']);
  });

  test('may have one value only', () => {
    const one = { times: [0], values: [7] };
    expect(valuesAt(create(replay, { file, loop: true }, { series: one }), [0, 0.5, 99])).toEqual([7, 7, 7]);
  });
});
