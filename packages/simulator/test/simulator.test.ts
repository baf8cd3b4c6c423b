import { OptionsError, Unit } from 'busbar';
import { describe, expect, test, vi } from 'vitest';
import { Simulator } from '../src/index.js';

/** A boiler with a point of most kinds. */
function boiler() {
  return new Unit({
    id: 1,
    name: 'boiler',
    points: {
      flow: { at: 'holding 0', type: 'int16', scale: 0.1, value: 65 },
      setpoint: { at: 'holding 1', type: 'int16', scale: 0.1, value: 55 },
      level: { at: 'input 2', type: 'uint16' },
      energy: { at: 'input 100', type: 'float32', order: 'CDAB', value: 1000 },
      beat: { at: 'discrete 0' },
      mode: { at: 'holding 20', labels: { 0: 'off', 1: 'auto', 2: 'hand' } },
      alarms: { at: 'holding 30', type: 'bits', labels: { 0: 'overheated', 3: 'no flow' } },
      total: { at: 'input 200', type: 'uint64' },
      serialNo: { at: 'holding 40', type: 'string', length: 8 },
      digits: { at: 'holding 50', type: 'bcd' },
    },
  });
}

describe('a simulator', () => {
  test('knows which points move, and in which steps', () => {
    const simulator = new Simulator({ tick: '250ms' });
    simulator.add(boiler(), { simulate: { level: { constant: 1 }, flow: { follow: { point: 'setpoint' } } } });
    expect([simulator.tick, simulator.moving]).toEqual([250, []]);
    simulator.advance(0);
    expect(simulator.moving.map(({ name }) => name).sort()).toEqual(['flow', 'level']);
    simulator.stop();
    expect(simulator.moving).toEqual([]);
  });

  test('moves points in their own units', () => {
    const unit = boiler();
    const simulator = new Simulator();
    simulator.add(unit, {
      simulate: {
        flow: { sine: { from: 60, to: 70, period: '4m' } },
        level: { ramp: { from: 0, to: 100, period: '60s' } },
        energy: { count: { by: 0.5, every: '10s' } },
        beat: { toggle: { every: '1s' } },
        mode: { square: { from: 'off', to: 'auto', period: '2m' } },
        alarms: { constant: ['no flow'] },
        total: { count: { by: 1000 } },
        serialNo: { constant: 'B-1234' },
        digits: { count: { from: 0, to: 9 } },
      },
    });
    simulator.advance('1m');
    expect(unit.points.flow.value).toBe(70);
    expect(unit.holdingRegisters.get(0)).toBe(700);
    expect(unit.points.level.value).toBe(0);
    expect(unit.points.energy.value).toBe(1003);
    expect(unit.points.beat.value).toBe(false);
    expect(unit.points.mode.value).toBe('auto');
    expect(unit.points.alarms.value).toEqual(['no flow']);
    expect(unit.points.total.value).toBe(60_000n);
    expect(unit.points.serialNo.value).toBe('B-1234');
    expect(unit.points.digits.value).toBe(0);
    simulator.advance(45_500);
    expect(unit.points.level.value).toBe(76);
    expect(unit.points.beat.value).toBe(true);
  });

  test('gives all points their first values before time passes', () => {
    const unit = boiler();
    new Simulator().add(unit, { simulate: { level: { constant: 7 } } }).advance(0);
    expect(unit.points.level.value).toBe(7);
  });

  test('keeps within the registers, and within limits of its own', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, {
      simulate: {
        level: { ramp: { from: 0, to: 100, period: '10s' }, min: 20, max: 60 },
        flow: { formula: 'level * 1000' },
      },
    });
    simulator.advance('1s');
    expect([unit.points.level.value, unit.points.flow.value]).toEqual([20, 3276.7]);
    simulator.advance('8s');
    expect(unit.points.level.value).toBe(60);
  });

  test('adds noise around a value', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, { simulate: { flow: { constant: 50 as number, noise: 0.5 } } });
    const values = Array.from({ length: 100 }, () => {
      simulator.advance('1s');
      return unit.points.flow.value;
    });
    expect(new Set(values).size).toBeGreaterThan(5);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(49.5);
    expect(Math.max(...values)).toBeLessThanOrEqual(50.5);
  });

  test('may give a point new values less often than each tick', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, {
      simulate: { level: { ramp: { from: 0, to: 100, period: '100s' }, every: '10s' } },
    });
    simulator.advance('19s');
    expect(unit.points.level.value).toBe(10);
  });
});

describe('what somebody else writes', () => {
  test('stays until there is a new value', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, {
      simulate: { level: { constant: 7 }, mode: { square: { from: 'off', to: 'auto', period: '20s' } } },
    });
    simulator.advance('1s');
    unit.points.level.value = 8;
    unit.points.mode.value = 'hand';
    simulator.advance('5s');
    expect([unit.points.level.value, unit.points.mode.value]).toEqual([8, 'hand']);
    simulator.advance('5s');
    expect([unit.points.level.value, unit.points.mode.value]).toEqual([8, 'auto']);
  });

  test('stays in a point of bits, too', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, { simulate: { alarms: { constant: ['no flow'] } } });
    simulator.advance('1s');
    unit.points.alarms.value = [];
    simulator.advance('1s');
    expect(unit.points.alarms.value).toEqual([]);
  });

  test('is where a counter goes on', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, { simulate: { energy: { count: { by: 0.04 } } } });
    simulator.advance('10s');
    expect(unit.points.energy.value).toBeCloseTo(1000.4, 3);
    unit.points.energy.value = 0;
    simulator.advance('10s');
    expect(unit.points.energy.value).toBeCloseTo(0.4, 6);
  });

  test('does not lose what registers cannot show: a slow counter goes on exactly', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, { simulate: { flow: { count: { by: 0.01 } } } });
    simulator.advance('100s');
    expect(unit.points.flow.value).toBe(66);
  });
});

test('labels and bits count as the numbers that they stand for', () => {
  const unit = new Unit({
    id: 1,
    points: {
      mode: { at: 'input 0', labels: { 0: 'off', 1: 'auto', 2: 'hand' } },
      phase: { at: 'input 1', labels: { 0: 'off', 1: 'auto', 2: 'hand' } },
      lamps: { at: 'input 2', type: 'bits', labels: { 1: 'red' } },
      copy: { at: 'input 3' },
      ofBits: { at: 'input 4' },
      sum: { at: 'input 5' },
    },
  });
  const simulator = new Simulator().add(unit, {
    simulate: {
      mode: { count: { from: 0, to: 2 } },
      phase: { walk: { from: 1, to: 2, step: 0.1 } },
      lamps: { count: {} },
      copy: { follow: { point: 'mode', gain: 10 } },
      ofBits: { follow: { point: 'lamps' } },
      sum: { total: { point: 'mode' } },
    },
  });
  simulator.on('error', (error) => expect.unreachable(error.message));
  simulator.advance('5s');
  const { mode, phase, lamps, copy, ofBits, sum } = unit.points;
  expect([mode.value, copy.value, lamps.value, ofBits.value]).toEqual(['hand', 20, ['bit 0', 'bit 2'], 5]);
  expect(['auto', 'hand']).toContain(phase.value);
  expect(sum.value).toBeGreaterThan(3);
});

describe('points that read others', () => {
  test('come behind them in the same tick, whatever their order', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, {
      simulate: {
        energy: { formula: 'flow * 10' },
        flow: { formula: 'level / 2' },
        level: { ramp: { from: 0, to: 100, period: '100s' } },
      },
    });
    simulator.advance('50s');
    expect([unit.points.flow.value, unit.points.energy.value]).toEqual([25, 250]);
  });

  test('see what clients write to points that do not move', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, {
      simulate: { flow: { follow: { point: 'setpoint', lag: '10s' } } },
    });
    simulator.advance('10s');
    expect(unit.points.flow.value).toBe(58.7);
    unit.points.setpoint.value = 80;
    simulator.advance('100s');
    expect(unit.points.flow.value).toBe(80);
  });

  test('may be of other units', () => {
    const unit = boiler();
    const room = new Unit({ id: 2, points: { warmth: { at: 'input 0', type: 'float32' } } });
    const meter = new Unit({ id: 3, points: { both: { at: 'input 0', type: 'float32' } } });
    const simulator = new Simulator()
      .add(meter, { simulate: { both: { formula: 'boiler.flow + unit2.warmth' } } })
      .add(room, { simulate: { warmth: { follow: { point: 'boiler.flow', gain: 0.5 } } } })
      .add(unit, { simulate: { flow: { constant: 40 } } });
    simulator.advance('1s');
    expect([room.points.warmth.value, meter.points.both.value]).toEqual([20, 60]);
  });

  test('are refused in a circle, which is shown', () => {
    const simulator = new Simulator().add(boiler(), {
      simulate: {
        flow: { formula: 'energy + 1' },
        energy: { formula: 'level * 2' },
        level: { follow: { point: 'flow' } },
        beat: { formula: 'level > 5' },
      },
    });
    expect(() => simulator.start()).toThrow(
      'boiler.simulate.flow: the points read each other in a circle: flow → energy → level → flow',
    );
    expect(simulator.running).toBe(false);
  });

  test('are refused if they read themselves', () => {
    const simulator = new Simulator().add(boiler(), { simulate: { flow: { formula: 'flow + 1' } } });
    expect(() => simulator.advance(0)).toThrow('in a circle: flow → flow');
  });
});

describe('the same seed', () => {
  const simulate = {
    flow: { walk: { from: 20, to: 80, step: 1, every: '300ms' }, noise: 0.3 },
    level: { random: { from: 0, to: 1000, every: '700ms' } },
    setpoint: { random: { mean: 50, deviation: 5 } },
    energy: { follow: { point: 'flow', lag: '20s' } },
  };

  /** The registers of a unit after a minute, in steps of some lengths. */
  function registers(seed: number, steps: readonly number[]): number[] {
    const unit = boiler();
    const simulator = new Simulator({ seed }).add(unit, { simulate });
    for (const step of steps) simulator.advance(step);
    return [
      ...unit.holdingRegisters.getRange(0, 2),
      unit.inputRegisters.get(2),
      ...unit.inputRegisters.getRange(100, 2),
    ];
  }

  test('gives the same values, however time passes', () => {
    const atOnce = registers(7, [60_000]);
    expect(
      registers(
        7,
        Array.from({ length: 600 }, () => 100),
      ),
    ).toEqual(atOnce);
    expect(registers(7, [12_345, 1, 33_333, 99, 14_222])).toEqual(atOnce);
    expect(registers(8, [60_000])).not.toEqual(atOnce);
  });

  test('gives a point the same values beside others', () => {
    const alone = boiler();
    new Simulator({ seed: 7 }).add(alone, { simulate: { flow: simulate.flow } }).advance('1m');
    expect(alone.holdingRegisters.get(0)).toBe(registers(7, [60_000])[0]);
  });
});

describe('what goes wrong', () => {
  test('in settings is told all at once, with its paths', () => {
    const problems = (simulate: object) => {
      try {
        new Simulator().add(boiler(), { simulate: { ...simulate } });
      } catch (error) {
        if (error instanceof OptionsError) return error.message;
      }
      return '';
    };
    const message = problems({
      flow: { sine: { from: 60, too: 70, period: 5 }, noise: -1 },
      level: { rampe: {} },
      energy: { count: {}, ramp: { from: 0, to: 1, period: '1s' } },
      beat: { toggle: { every: '0s' } },
      mode: 'auto',
    });
    expect(message.split('\n- ')).toEqual([
      '9 problems',
      'boiler.simulate.flow.sine.to: expected a number, found none',
      'boiler.simulate.flow.sine.period: expected a duration with its unit, such as "5s" or "5ms", found 5',
      'boiler.simulate.flow.sine.too: unknown key; known are from, to, period, phase',
      'boiler.simulate.flow.noise: expected at least 0, found -1',
      expect.stringContaining('boiler.simulate.level.rampe: unknown key; known are constant, ramp, triangle'),
      expect.stringContaining('boiler.simulate.level: expected exactly one kind of behaviour (constant, ramp,'),
      expect.stringContaining('boiler.simulate.energy: expected exactly one kind of behaviour'),
      'boiler.simulate.beat.toggle.every: expected a duration above zero, found none',
      'boiler.simulate.mode: expected a map, found "auto"',
    ]);
  });

  test('with points is told all at once when it starts', () => {
    const simulator = new Simulator().add(boiler(), {
      simulate: {
        ...{ heat: { constant: 1 } },
        flow: { sine: { from: 60, to: 7000, period: '1m' } },
        mode: { toggle: { every: '1s', between: ['off', 'of'] } },
        beat: { constant: 'on' },
        energy: { formula: 'flaw * 2 ^ 3' },
        level: { follow: { point: 'kettle.flow' } },
        serialNo: { constant: 'B-1234-5678-9012-3' },
        digits: { replay: { file: 'no-such.csv' } },
      },
    });
    let message = '';
    try {
      simulator.start();
    } catch (error) {
      message = String(error);
    }
    expect(message.split('\n- ').slice(1)).toEqual([
      expect.stringMatching(/^boiler\.simulate\.heat: boiler has no point "heat"; its points are flow, setpoint/),
      'boiler.simulate.flow.sine.to: expected a number from -3276.8 to 3276.7, found 7000',
      'boiler.simulate.mode.toggle.between[1]: expected one of its labels (off, auto, hand), found "of"',
      'boiler.simulate.beat.constant: expected true or false, found "on"',
      expect.stringMatching(/^boiler\.simulate\.energy\.formula: boiler has no point "flaw"/),
      'boiler.simulate.level.follow.point: there is no unit "kettle"; the units are boiler',
      'boiler.simulate.serialNo.constant: expected a text of at most 16 bytes, found "B-1234-5678-9012-3"',
      expect.stringMatching(/^boiler\.simulate\.digits\.replay\.file: there is no file .*no-such\.csv/),
    ]);
  });

  test.each([
    { ramp: { from: 0, to: 9, period: '1m' } },
    { sine: { from: 0, to: 9, period: '1m' } },
    { count: {} },
    { follow: { point: 'level' } },
  ])('with a text is told of numbers: %j', (serialNo) => {
    const simulator = new Simulator().add(boiler(), { simulate: { serialNo } });
    expect(() => simulator.start()).toThrow(/serialNo\.\w+: expected a behaviour for a string, such as random \(of\)/);
  });

  test('while it runs is reported once, and the others go on', () => {
    const unit = boiler();
    const simulator = new Simulator().add(unit, {
      simulate: { flow: { formula: 'level / setpoint' }, energy: { count: {} } },
    });
    const report = vi.fn();
    simulator.on('error', (error) => report(error.message));
    unit.points.setpoint.value = 0;
    simulator.advance('5s');
    expect(report.mock.calls).toEqual([['boiler.flow: expected a number from -3276.8 to 3276.7, found NaN']]);
    expect(unit.points.energy.value).toBe(1005);
    unit.points.setpoint.value = 1;
    simulator.advance('1s');
    unit.points.setpoint.value = 0;
    simulator.advance('1s');
    expect(report).toHaveBeenCalledTimes(2);
  });
});

test('changes of one tick are reported together, and as the simulator’s', () => {
  const unit = boiler();
  const simulator = new Simulator().add(unit, {
    simulate: { level: { count: {} }, flow: { formula: 'level * 2' } },
  });
  simulator.advance('1s');
  const seen: unknown[] = [];
  unit.on('change', ({ by }) => seen.push([by, unit.points.level.value, unit.points.flow.value]));
  simulator.advance('1s');
  expect(seen).toEqual([
    ['simulator', 2, 4],
    ['simulator', 2, 4],
  ]);
});
