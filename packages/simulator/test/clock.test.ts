import { Unit } from 'busbar';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Simulator, type SimulatorOptions } from '../src/index.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A simulator that counts tenths of a second. */
function counting(options: SimulatorOptions = {}) {
  const unit = new Unit({ id: 1, points: { tenths: { at: 'input 0', type: 'uint32' } } });
  const simulator = new Simulator(options).add(unit, { simulate: { tenths: { count: { every: '100ms' } } } });
  return { simulator, tenths: () => unit.points.tenths.value };
}

describe('virtual time', () => {
  test('goes like any other once it is started', () => {
    const { simulator, tenths } = counting();
    expect([simulator.running, simulator.time]).toEqual([false, 0]);
    simulator.start();
    vi.advanceTimersByTime(10_000);
    expect([simulator.running, simulator.time, tenths()]).toEqual([true, 10_000, 100]);
    simulator.stop();
  });

  test('goes faster or slower with its speed, which may change', () => {
    const { simulator, tenths } = counting({ speed: 60 });
    simulator.start();
    vi.advanceTimersByTime(1000);
    expect(tenths()).toBe(600);
    simulator.speed = 0.1;
    vi.advanceTimersByTime(10_000);
    expect([simulator.speed, tenths()]).toEqual([0.1, 610]);
    simulator.speed = 1;
    vi.advanceTimersByTime(1000);
    expect(tenths()).toBe(620);
    simulator.stop();
  });

  test('stands still in a pause, except in single steps', () => {
    const { simulator, tenths } = counting();
    simulator.start();
    vi.advanceTimersByTime(1000);
    simulator.pause();
    vi.advanceTimersByTime(60_000);
    expect([simulator.running, tenths()]).toEqual([false, 10]);
    simulator.advance('100ms');
    expect([simulator.time, tenths()]).toEqual([1100, 11]);
    simulator.resume();
    vi.advanceTimersByTime(1000);
    expect(tenths()).toBe(21);
    simulator.stop();
  });

  test('can be started again where it was stopped', () => {
    const { simulator, tenths } = counting();
    simulator.start();
    simulator.start();
    vi.advanceTimersByTime(1000);
    simulator.stop();
    simulator.stop();
    vi.advanceTimersByTime(5000);
    simulator.start();
    vi.advanceTimersByTime(1000);
    expect([simulator.time, tenths()]).toEqual([2000, 20]);
    simulator.stop();
  });

  test('does not catch up with what the process slept through', () => {
    const { simulator } = counting();
    simulator.start();
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 3_600_000);
    vi.advanceTimersToNextTimer();
    expect(simulator.time).toBe(1000);
    simulator.stop();
  });

  test('leaves the process time for its clients: what is too much work for an interval is done later', () => {
    const { simulator } = counting({ speed: 100_000 });
    let now = performance.now();
    simulator.start();
    // Each look at the clock takes a millisecond.
    vi.spyOn(performance, 'now').mockImplementation(() => now++);
    now += 100;
    vi.advanceTimersToNextTimer();
    expect(simulator.time).toBeGreaterThan(1000);
    expect(simulator.time).toBeLessThanOrEqual(2500);
    simulator.stop();
  });

  test('has a date', () => {
    const { simulator } = counting({ date: '2026-01-31T23:59:59Z', speed: 60 });
    simulator.start();
    vi.advanceTimersByTime(1000);
    expect(simulator.date.toISOString()).toBe('2026-02-01T00:00:59.000Z');
    simulator.stop();
  });

  test('goes in ticks of another length', () => {
    const { simulator, tenths } = counting({ tick: '1s' });
    simulator.advance(999);
    expect(tenths()).toBe(0);
    simulator.advance(1);
    expect(tenths()).toBe(10);
  });

  test('does not keep the program alive', () => {
    vi.useRealTimers();
    const { simulator } = counting();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    simulator.start();
    expect(timers()).toBe(before);
    simulator.stop();
  });
});

describe('settings of time', () => {
  test.each<[object, string]>([
    [{ seed: 1.5 }, 'seed: expected a whole number, found 1.5'],
    [{ speed: 0 }, 'speed: expected more than 0, found 0'],
    [{ speed: 1e6 }, 'speed: expected at most 100000, found 1000000'],
    [{ tick: 100 }, 'tick: expected a duration with its unit, such as "100s" or "100ms", found 100'],
    [{ tick: '1ms' }, 'tick: expected 10ms to 1h, found "1ms"'],
    [{ tick: '2h' }, 'tick: expected 10ms to 1h'],
    [{ date: 'tomorrow' }, 'date: expected a date with its zone, such as "2026-01-31T06:30:00Z"'],
    [{ sped: 1 }, 'sped: unknown key; known are seed, speed, tick, date'],
  ])('are refused: %o', (options, message) => {
    expect(() => new Simulator(options)).toThrow(message);
  });

  test('are refused when they change, too', () => {
    const { simulator } = counting();
    expect(() => {
      simulator.speed = -1;
    }).toThrow('speed: expected more than 0, found -1');
    expect(() => simulator.advance(-1)).toThrow('time: expected milliseconds from 0 on, found -1');
    expect(() => simulator.advance('soon')).toThrow('time: expected a duration');
  });
});
