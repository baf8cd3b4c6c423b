import { expect, test } from 'vitest';
import { mostByChance } from './chance.js';

// If 5 are expected, tables give 0.9863 for 10 or fewer, and 0.9945 for 11 or fewer.
test.each([
  [0, 10_000, 0],
  [1, 100, 4],
  [5, 100, 11],
  [5, 1000, 13],
  [11, 10_000, 25],
])('of %d expected events, chance makes at most, except once in %d times, %d', (mean, oneIn, most) => {
  expect(mostByChance(mean, oneIn)).toBe(most);
});
