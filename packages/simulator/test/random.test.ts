import { describe, expect, test } from 'vitest';
import { Random } from '../src/random.js';

const PLACES = Array.from({ length: 20_000 }, (_, i) => i);

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('a stream of random numbers', () => {
  test('is the same for the same seed and name', () => {
    expect([1, 2, 3].map((i) => new Random(7, 'flow').at(i))).toEqual(
      [1, 2, 3].map((i) => new Random(7, 'flow').at(i)),
    );
  });

  test.each([
    [8, 'flow'],
    [7, 'flaw'],
    [7, ''],
  ])('differs with seed %d and name %j', (seed, name) => {
    const other = new Random(seed, name);
    const same = PLACES.filter((i) => new Random(7, 'flow').at(i) === other.at(i));
    expect(same.length).toBeLessThan(5);
  });

  test('gives its numbers in order', () => {
    const random = new Random(1, 'a');
    expect([random.next(), random.next()]).toEqual([new Random(1, 'a').at(0), new Random(1, 'a').at(1)]);
  });

  test('is even from 0 to 1', () => {
    const random = new Random(3, 'even');
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const i of PLACES) tenths[Math.floor(random.at(i) * 10)]!++;
    for (const count of tenths) expect(count).toBeGreaterThan(1800);
    expect(average(PLACES.map((i) => random.at(i)))).toBeCloseTo(0.5, 1);
  });

  test('does not repeat itself after 2 ** 32 places', () => {
    const random = new Random(3, 'long');
    expect(random.at(5)).not.toBe(random.at(5 + 2 ** 32));
  });

  test('is normal with mean 0 and deviation 1', () => {
    const random = new Random(5, 'normal');
    const values = PLACES.map((i) => random.normalAt(i));
    expect(average(values)).toBeCloseTo(0, 1);
    expect(average(values.map((value) => value * value))).toBeCloseTo(1, 1);
    expect(values.every(Number.isFinite)).toBe(true);
  });
});
