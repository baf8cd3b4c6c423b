import { OptionsError, type Unit } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { Faults, type ReactionOptions, Simulator } from '../src/index.js';
import { Client } from './helpers/client.js';
import { tank } from './helpers/tank.js';

let client: Client | undefined;

afterEach(async () => {
  await client?.close();
  client = undefined;
});

/** A simulator of a tank with these reactions, which has begun. */
function reacting(unit: Unit, ...when: ReactionOptions[]): Simulator {
  const simulator = new Simulator().add(unit, { when });
  simulator.advance(0);
  return simulator;
}

describe('when a point', () => {
  test('gets a value, other points are set in the next step', () => {
    const unit = tank();
    const { points } = unit;
    const simulator = reacting(unit, { point: 'pump', is: false, set: { flow: 0, mode: 'off', alarms: ['empty'] } });
    simulator.advance('10s');
    expect(points.flow.value).toBe(6.5);
    points.pump.value = false;
    simulator.advance('100ms');
    expect([points.flow.value, points.mode.value, points.alarms.value]).toEqual([0, 'off', ['empty']]);
  });

  test('has the value already at the beginning, nothing happens until it gets it again', () => {
    const unit = tank();
    const simulator = reacting(unit, { point: 'pump', is: true, set: { count: { formula: 'count + 1' } } });
    simulator.advance('1s');
    expect(unit.points.count.value).toBe(0);
    for (const on of [false, true, true, false, true]) {
      unit.points.pump.value = on;
      simulator.advance('1s');
    }
    expect(unit.points.count.value).toBe(2);
  });

  test('crosses a value, it happens once, and again when it has come back far enough', () => {
    const unit = tank();
    const { points } = unit;
    const simulator = reacting(
      unit,
      { point: 'level', above: 80, until: 75, set: { count: { formula: 'count + 1' } } },
      { point: 'level', below: 20, set: { alarm: true } },
    );
    const counts = [80, 81, 90, 78, 81, 75, 80, 81].map((level) => {
      points.level.value = level;
      simulator.advance('100ms');
      return points.count.value;
    });
    expect(counts).toEqual([0, 1, 1, 1, 1, 1, 1, 2]);
    expect(points.alarm.value).toBe(false);
    points.level.value = 19;
    simulator.advance('100ms');
    expect(points.alarm.value).toBe(true);
  });

  test('has a label or one of its bits, that is a value, too', () => {
    const unit = tank();
    const simulator = reacting(
      unit,
      { point: 'mode', is: 'hand', set: { valve: true } },
      { point: 'alarms', is: 'full', set: { pump: false } },
    );
    unit.points.mode.value = 'hand';
    unit.points.alarms.value = ['empty', 'full'];
    simulator.advance('100ms');
    expect([unit.points.valve.value, unit.points.pump.value]).toEqual([true, false]);
  });

  test('changes, it happens each time', () => {
    const unit = tank();
    const simulator = reacting(unit, { point: 'mode', changes: true, toggle: ['valve', 'pump'] });
    for (const mode of ['hand', 'hand', 'off'] as const) {
      unit.points.mode.value = mode;
      simulator.advance('100ms');
    }
    expect([unit.points.valve.value, unit.points.pump.value]).toEqual([false, true]);
  });

  test('moves by itself, its values between two ticks count, too', () => {
    const unit = tank();
    const simulator = new Simulator().add(unit, {
      simulate: { level: { triangle: { from: 0, to: 100, period: '2s' } } },
      when: [{ point: 'level', above: 80, set: { count: { formula: 'count + 1' } } }],
    });
    simulator.advance('1m');
    expect(unit.points.count.value).toBe(30);
  });
});

describe('when a client', () => {
  test('writes a point, it happens each time, even with the same value', async () => {
    const unit = tank();
    client = await Client.of(unit);
    const simulator = reacting(unit, { point: 'pump', written: true, set: { count: { formula: 'count + 1' } } });
    unit.points.pump.value = false;
    simulator.advance('1s');
    expect(unit.points.count.value).toBe(0);
    for (const on of [true, true]) {
      await client.writeCoil(3, on);
      simulator.advance('100ms');
    }
    await client.writeCoil(4, true);
    simulator.advance('100ms');
    expect(unit.points.count.value).toBe(2);
  });

  test('writes a certain value, as to a register of commands', async () => {
    const unit = tank();
    client = await Client.of(unit);
    const simulator = reacting(unit, { point: 'command', written: true, is: 7, set: { command: 0, valve: true } });
    await client.writeRegister(0, 6);
    simulator.advance('100ms');
    expect([unit.points.command.value, unit.points.valve.value]).toEqual([6, false]);
    await client.writeRegister(0, 7);
    expect(await client.ask('0300000001')).toBe('03020007');
    simulator.advance('100ms');
    expect(await client.ask('0300000001')).toBe('03020000');
    expect(unit.points.valve.value).toBe(true);
  });

  test('writes several points at once, each is written', async () => {
    const unit = tank();
    client = await Client.of(unit);
    const simulator = reacting(
      unit,
      { point: 'command', written: true, set: { valve: true } },
      { point: 'mode', written: true, is: 'hand', set: { alarm: true } },
    );
    await client.ask('1000000002040001 0002'.replaceAll(' ', ''));
    simulator.advance('100ms');
    expect([unit.points.valve.value, unit.points.alarm.value]).toEqual([true, true]);
  });

  test('writes what is no value of the point, only reactions to any write happen', async () => {
    const unit = tank();
    client = await Client.of(unit);
    const simulator = reacting(
      unit,
      { point: 'mode', is: 'hand', written: true, set: { valve: true } },
      { point: 'count', above: 5, written: true, set: { alarm: true } },
    );
    unit.holdingRegisters.set(1, 99);
    await client.writeRegister(3, 6);
    simulator.advance('100ms');
    expect([unit.points.valve.value, unit.points.alarm.value]).toEqual([false, true]);
  });
});

describe('a reaction', () => {
  test('waits, and begins to wait anew at each occasion', () => {
    const unit = tank();
    const { points } = unit;
    const simulator = reacting(unit, { point: 'count', changes: true, after: '5s', set: { alarm: true } });
    for (const count of [1, 2, 3]) {
      points.count.value = count;
      simulator.advance('4s');
      expect(points.alarm.value).toBe(false);
    }
    simulator.advance('1.1s');
    expect(points.alarm.value).toBe(true);
  });

  test('waits until its condition has held for some time', () => {
    const unit = tank();
    const { points } = unit;
    const simulator = reacting(unit, { point: 'level', below: 10, for: '5s', set: { alarm: true } });
    points.level.value = 5;
    simulator.advance('4s');
    points.level.value = 50;
    simulator.advance('10s');
    expect(points.alarm.value).toBe(false);
    points.level.value = 5;
    simulator.advance('4.9s');
    expect(points.alarm.value).toBe(false);
    simulator.advance('200ms');
    expect(points.alarm.value).toBe(true);
  });

  test('starts, stops and restarts behaviours', () => {
    const unit = tank();
    const { points } = unit;
    const simulator = new Simulator().add(unit, {
      simulate: {
        speed: { ramp: { from: 0, to: 1000, period: '10s', once: true }, active: false },
        level: { count: {} },
      },
      when: [
        { point: 'pump', is: false, stop: ['speed', 'level'] },
        { point: 'pump', is: true, start: ['speed', 'level'] },
        { point: 'valve', is: true, restart: 'speed' },
      ],
    });
    const after = (seconds: number) => {
      simulator.advance(`${seconds}s`);
      return [points.speed.value, points.level.value];
    };
    expect(after(5)).toEqual([0, 55]);
    points.pump.value = false;
    expect(after(5)).toEqual([0, 55]);
    points.pump.value = true;
    // It starts at the end of the first step.
    simulator.advance('100ms');
    expect(after(5)).toEqual([500, 60]);
    points.pump.value = false;
    simulator.advance('100ms');
    const held = after(60);
    points.pump.value = true;
    simulator.advance('100ms');
    expect(after(1)[0]).toBeCloseTo((held[0] ?? 0) + 100, -1);
    points.valve.value = true;
    simulator.advance('100ms');
    expect(after(2)[0]).toBe(200);
  });

  test('switches faults on and off', () => {
    const unit = tank();
    const simulator = new Simulator();
    const switched: unknown[] = [];
    simulator.faults = new Faults([
      { name: 'no flow', silence: true, active: false },
      { name: 'busy', exception: 6, active: false },
    ]);
    simulator.faults.on('switched', ({ fault, active }) => switched.push([fault.name, active]));
    simulator.add(unit, {
      when: [
        { point: 'pump', is: false, raise: ['no flow', 'busy'] },
        { point: 'pump', is: true, clear: 'no flow' },
      ],
    });
    simulator.advance('1s');
    for (const on of [false, true]) {
      unit.points.pump.value = on;
      simulator.advance('1s');
    }
    expect(switched).toEqual([
      ['no flow', true],
      ['busy', true],
      ['no flow', false],
    ]);
  });

  test('may set and watch points of other units', () => {
    const [unit, other] = [tank(), tank()];
    const simulator = new Simulator();
    simulator.replace([
      { unit, when: [{ point: 'other.level', above: 80, set: { 'other.valve': true, valve: true } }] },
      { unit: Object.assign(other, { name: 'other' }) },
    ]);
    simulator.advance(0);
    other.points.level.value = 81;
    simulator.advance('100ms');
    expect([unit.points.valve.value, other.points.valve.value]).toEqual([true, true]);
  });

  test('is told as an event, and its changes are those of the simulator', () => {
    const unit = tank();
    const simulator = reacting(unit, { point: 'pump', is: false, set: { valve: true } });
    const events: unknown[] = [];
    simulator.on('reaction', (event) => events.push([event.unit.name, event.index, event.point]));
    unit.points.pump.value = false;
    unit.on('change', ({ by }) => events.push(by));
    simulator.advance('100ms');
    expect(events).toEqual([['tank', 0, 'pump'], 'simulator']);
  });

  test('that fails is reported, and the rest of it happens', () => {
    const unit = tank();
    const simulator = reacting(unit, { point: 'pump', is: false, set: { flow: { formula: '0 / 0' }, valve: true } });
    const errors: string[] = [];
    simulator.on('error', ({ message }) => errors.push(message));
    unit.points.pump.value = false;
    simulator.advance('1s');
    expect(errors).toEqual(['tank: reaction 1 (pump): expected a number from -3276.8 to 3276.7, found NaN']);
    expect(unit.points.valve.value).toBe(true);
  });
});

describe('reactions are refused', () => {
  test.each<[object, string]>([
    [{ point: 'pump', set: { flow: 1 } }, 'when[0]: expected a condition: written, changes, is, above or below'],
    [{ point: 'pump', is: true }, 'when[0]: expected something to do: set, toggle, start'],
    [{ is: true, toggle: 'pump' }, 'when[0].point: expected a text, found none'],
    [{ point: 'pump', is: true, above: 5, toggle: 'pump' }, 'when[0]: expected one condition, found is and above'],
    [{ point: 'pump', is: true, until: 5, toggle: 'pump' }, 'when[0]: until goes with above'],
    [{ point: 'level', above: 5, until: 6, toggle: 'pump' }, 'when[0]: until goes with above'],
    [{ point: 'level', above: 5, for: 5, toggle: 'pump' }, 'when[0].for: expected a duration with its unit'],
    [{ point: 'level', above: 5, than: 5, toggle: 'pump' }, 'when[0].than: unknown key; known are point, written'],
    [{ point: 'level', written: true, for: '1s', toggle: 'pump' }, 'when[0]: written goes without changes and for'],
    [{ point: 'pomp', is: true, toggle: 'pump' }, 'when[0].point: tank has no point "pomp"'],
    [
      { point: 'mode', is: 'fast', toggle: 'pump' },
      'when[0].is: expected one of its labels (off, auto, hand), found "fast"',
    ],
    [{ point: 'pump', is: true, set: { pomp: 1 } }, 'when[0].set.pomp: tank has no point "pomp"'],
    [{ point: 'pump', is: true, set: { flow: 'high' } }, 'when[0].set.flow: expected a number from -3276.8 to 3276.7'],
    [{ point: 'pump', is: true, set: { flow: { formula: '1 +' } } }, 'when[0].set.flow.formula: expected a formula'],
    [{ point: 'pump', is: true, toggle: 'level' }, 'when[0].toggle: expected a point of one bit, found level (uint16)'],
    [{ point: 'pump', is: true, start: 'level' }, 'when[0].start: level has no behaviour'],
    [{ point: 'pump', is: true, run: 'dry' }, 'when[0].run: there is no scenario "dry"; the unit has none'],
    [{ point: 'pump', is: true, raise: 'dry' }, 'when[0].raise: there is no fault "dry"; known are none'],
  ])('%o: %s', (reaction, message) => {
    const attempt = () => new Simulator().add(tank(), { when: [reaction as ReactionOptions] }).advance(0);
    expect(attempt).toThrow(OptionsError);
    expect(attempt).toThrow(`tank.${message}`);
  });
});
