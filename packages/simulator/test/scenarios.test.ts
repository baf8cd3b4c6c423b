import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, Simulator } from '../src/index.js';
import { tank } from './helpers/tank.js';

const DRY_RUN: ScenarioOptions = [
  { set: { count: 1 } },
  { at: '10s', set: { pump: false } },
  { after: '5s', set: { count: 2, alarm: true } },
  { at: '1m', set: { alarm: false, pump: true } },
];

/** A tank with this scenario, which runs. */
function running(steps: ScenarioOptions) {
  const unit = tank();
  const simulator = new Simulator().add(unit, { scenarios: { 'dry run': steps } });
  const events: string[] = [];
  simulator.on('scenario', ({ unit: { name: unitName }, name, state }) =>
    events.push(`${unitName}, ${name}: ${state}`),
  );
  simulator.run('dry run');
  return { simulator, points: unit.points, events };
}

describe('a scenario', () => {
  test('does each of its steps at its time', () => {
    const { simulator, points, events } = running(DRY_RUN);
    const after = (time: string) => {
      simulator.advance(time);
      return [points.count.value, points.pump.value, points.alarm.value];
    };
    expect(after('100ms')).toEqual([1, true, false]);
    expect(after('9.8s')).toEqual([1, true, false]);
    expect(after('100ms')).toEqual([1, false, false]);
    expect(after('5s')).toEqual([2, false, true]);
    expect(after('44.9s')).toEqual([2, false, true]);
    expect(events).toEqual(['tank, dry run: started']);
    expect(after('100ms')).toEqual([2, true, false]);
    expect(events).toEqual(['tank, dry run: started', 'tank, dry run: ended']);
  });

  test('is known to the simulator, with whether it runs', () => {
    const { simulator } = running(DRY_RUN);
    const known = () => simulator.scenarios.map(({ unit, name, running }) => [unit.name, name, running]);
    expect(known()).toEqual([['tank', 'dry run', true]]);
    simulator.advance('1m');
    expect(known()).toEqual([['tank', 'dry run', false]]);
  });

  test('begins anew when it is run again', () => {
    const { simulator, points, events } = running(DRY_RUN);
    simulator.advance('9s');
    simulator.run('tank.dry run');
    simulator.advance('9s');
    expect(points.pump.value).toBe(true);
    simulator.advance('1s');
    expect(points.pump.value).toBe(false);
    expect(events).toEqual(['tank, dry run: started', 'tank, dry run: cancelled', 'tank, dry run: started']);
  });

  test('ends after its last step, and may cancel itself', () => {
    const { simulator, points, events } = running([
      { set: { count: 1 }, cancel: 'dry run' },
      { after: '1s', set: { count: 2 } },
    ]);
    simulator.on('reaction', () => events.push('reaction'));
    simulator.advance('5s');
    expect([points.count.value, events]).toEqual([1, ['tank, dry run: started', 'tank, dry run: cancelled']]);
  });

  test('may repeat itself, without end but not without time', () => {
    const { simulator, points } = running([{ set: { count: { formula: 'count + 1' } }, run: 'dry run' }]);
    simulator.advance('1s');
    expect(points.count.value).toBe(10);
  });

  test('may be cancelled by a reaction, and run by one', () => {
    const unit = tank();
    const simulator = new Simulator().add(unit, {
      scenarios: { fill: [{ at: '5s', set: { level: 90 } }] },
      when: [
        { point: 'valve', is: true, run: 'fill' },
        { point: 'valve', is: false, cancel: 'fill' },
      ],
    });
    const turn = (on: boolean, time: string) => {
      unit.points.valve.value = on;
      simulator.advance(time);
      return unit.points.level.value;
    };
    simulator.advance(0);
    expect([turn(true, '4s'), turn(false, '10s'), turn(true, '5.2s')]).toEqual([50, 50, 90]);
  });

  test('that is not there is refused, with those that are', () => {
    const { simulator } = running(DRY_RUN);
    expect(() => simulator.run('wet run')).toThrow('there is no scenario "wet run"; known are tank.dry run');
  });

  test('of several units has to be named with its unit', () => {
    const [one, other] = [tank(), Object.assign(tank(), { name: 'other' })];
    const scenarios = { fill: [{ set: { level: 90 } }] };
    const simulator = new Simulator().add(one, { scenarios }).add(other, { scenarios });
    expect(() => simulator.run('fill')).toThrow(
      'several units have a scenario "fill"; known are tank.fill, other.fill',
    );
    simulator.run('other.fill');
    simulator.advance('1s');
    expect([one.points.level.value, other.points.level.value]).toEqual([50, 90]);
  });

  test.each<[unknown, string]>([
    [[], 'scenarios.dry run: expected at least one'],
    [[{ at: '5s' }], 'scenarios.dry run[0]: expected something to do'],
    [[{ at: '5s', after: '5s', set: { level: 1 } }], 'scenarios.dry run[0]: expected at or after, found both'],
    [[{ at: 5, set: { level: 1 } }], 'scenarios.dry run[0].at: expected a duration with its unit'],
    [[{ set: { lever: 1 } }], 'scenarios.dry run[0].set.lever: tank has no point "lever"'],
    [{ at: '5s' }, 'scenarios.dry run: expected a list, found a map'],
  ])('is refused as %j', (steps, message) => {
    expect(() => running(steps as ScenarioOptions)).toThrow(`tank.${message}`);
  });
});
