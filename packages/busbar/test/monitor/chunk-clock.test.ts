import { describe, expect, test } from 'vitest';
import { ChunkClock } from '../../src/monitor/chunk-clock.js';

/** Milliseconds: those of a character, and of the chunks. */
const CHARACTER = 0.5;

function clockOf(chunks: [length: number, time: number][], characterTime = CHARACTER): ChunkClock {
  const clock = new ChunkClock(characterTime);
  for (const [length, time] of chunks) clock.add(length, time);
  return clock;
}

const ends = (clock: ChunkClock) => Array.from({ length: clock.total }, (_, byte) => clock.endOf(byte));

describe('the bytes of a chunk', () => {
  test('came one after another before it was handed over, the last one just then', () => {
    const clock = clockOf([[4, 100]]);
    expect(ends(clock)).toEqual([98.5, 99, 99.5, 100]);
    expect(clock.startOf(0)).toBe(98);
    expect(clock.startOf(3)).toBe(99.5);
  });

  test('came not before the chunk ahead of it, however close that was', () => {
    expect(
      ends(
        clockOf([
          [2, 100],
          [4, 101],
        ]),
      ),
    ).toEqual([99.5, 100, 100, 100, 100.5, 101]);
    expect(
      ends(
        clockOf([
          [1, 100],
          [3, 100],
        ]),
      ),
    ).toEqual([100, 100, 100, 100]);
  });

  test('begin not before the byte ahead of them has ended', () => {
    const clock = clockOf([
      [2, 100],
      [4, 101],
    ]);
    for (let byte = 1; byte < clock.total; byte++) {
      expect(clock.startOf(byte)).toBeGreaterThanOrEqual(clock.endOf(byte - 1));
    }
    expect(clock.startOf(2)).toBe(100);
    expect(clock.startOf(5)).toBe(100.5);
  });

  test('leave the pause between it and the chunk ahead', () => {
    const clock = clockOf([
      [8, 100],
      [8, 150],
    ]);
    expect(clock.endOf(7)).toBe(100);
    expect(clock.startOf(8)).toBe(146);
  });

  test('all came when it was handed over, where the time of a character is not known', () => {
    const clock = clockOf(
      [
        [3, 100],
        [2, 107],
      ],
      0,
    );
    expect(ends(clock)).toEqual([100, 100, 100, 107, 107]);
    expect(clock.startOf(3)).toBe(107);
  });
});

describe('a clock', () => {
  test('counts the bytes', () => {
    const clock = new ChunkClock(CHARACTER);
    expect(clock.total).toBe(0);
    for (const [length, total] of [
      [3, 3],
      [1, 4],
      [5000, 5004],
      [2, 5006],
    ]) {
      clock.add(length, total);
      expect(clock.total).toBe(total);
    }
  });

  test('never goes back, however the chunks come', () => {
    const chunks = Array.from({ length: 300 }, (_, i): [number, number] => [1 + ((7 * i) % 23), 3 * i]);
    const times = ends(clockOf(chunks));
    for (const [i, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(times[i - 1] ?? time);
  });

  test('knows the last 4096 bytes whose chunks were handed over one by one', () => {
    const clock = clockOf(
      Array.from({ length: 10_000 }, (_, i) => [1, i]),
      0,
    );
    for (const back of [1, 2, 1000, 4096]) expect(clock.endOf(10_000 - back)).toBe(10_000 - back);
  });

  test('knows all bytes of a chunk that is longer than what it keeps', () => {
    const clock = clockOf([
      [1, 0],
      [10_000, 20_000],
    ]);
    expect(clock.endOf(1)).toBe(15_000.5);
    expect(clock.endOf(10_000)).toBe(20_000);
  });
});
