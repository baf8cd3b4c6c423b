import { Unit } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { checkSimulation, Faults, type SimulatedUnit, Simulator } from '../src/index.js';
import { Client } from './helpers/client.js';
import { tank } from './helpers/tank.js';

let client: Client | undefined;

afterEach(async () => {
  await client?.close();
  client = undefined;
});

describe('the units of a simulator', () => {
  test('come and go while it runs', () => {
    const unit = tank();
    const simulator = new Simulator();
    simulator.advance('1s');
    simulator.add(unit, { simulate: { count: { count: {} } } });
    simulator.advance('5s');
    expect([simulator.units, unit.points.count.value]).toEqual([[unit], 5]);
    simulator.remove(unit);
    simulator.advance('5s');
    expect([simulator.units, unit.points.count.value]).toEqual([[], 5]);
  });

  test('may be there only once', () => {
    const unit = tank();
    const simulator = new Simulator().add(unit, {});
    expect(() => simulator.add(unit, {})).toThrow('tank: the unit is simulated already: remove it first');
    expect(() => simulator.replace([{ unit }, { unit }])).toThrow('[1]: the unit is there twice');
  });

  test('stay if others read their points', () => {
    const [unit, other] = [tank(), Object.assign(tank(), { name: 'other' })];
    const simulator = new Simulator().add(unit, {}).add(other, { simulate: { flow: { formula: 'tank.flow' } } });
    simulator.advance(0);
    expect(() => simulator.remove(unit)).toThrow('other.simulate.flow.formula: there is no unit "tank"');
    expect(simulator.units).toEqual([unit, other]);
  });
});

describe('when all units are replaced', () => {
  test('points that move as before go on, and others begin', () => {
    const unit = tank();
    const ramp = { ramp: { from: 0, to: 1000, period: '100s' }, active: false };
    const simulator = new Simulator();
    const simulate = { count: { count: { by: 2 } }, speed: ramp };
    const when = [{ point: 'valve', is: true, start: 'speed' }];
    simulator.replace([{ unit, simulate, when }]);
    simulator.advance('1s');
    unit.points.valve.value = true;
    simulator.advance('10s');
    const { speed, count } = unit.points;
    expect([count.value, speed.value]).toEqual([22, 99]);
    simulator.replace([{ unit, simulate: { ...simulate, level: { count: {} } } }]);
    simulator.advance('10s');
    expect([count.value, speed.value, unit.points.level.value]).toEqual([42, 199, 60]);
    simulator.replace([{ unit, simulate: { count: { count: { by: -1 } } } }]);
    simulator.advance('10s');
    expect([count.value, speed.value, unit.points.level.value]).toEqual([32, 199, 60]);
  });

  test('nothing changes if something is wrong', () => {
    const unit = tank();
    const simulator = new Simulator();
    simulator.replace([{ unit, simulate: { count: { count: {} } } }]);
    simulator.start();
    expect(() => simulator.replace([{ unit, simulate: { count: { count: { bye: 1 } } as object } }])).toThrow(
      '[0].simulate.count.count.bye: unknown key',
    );
    expect(() => simulator.replace([{ unit, simulate: { count: { formula: 'cont + 1' } } }])).toThrow(
      '[0].simulate.count.formula: tank has no point "cont"',
    );
    simulator.advance('5s');
    expect(unit.points.count.value).toBe(5);
    simulator.stop();
  });

  test('the reactions before are gone', async () => {
    const unit = tank();
    client = await Client.of(unit);
    const simulator = new Simulator().add(unit, { when: [{ point: 'pump', written: true, toggle: 'valve' }] });
    simulator.advance(0);
    simulator.replace([{ unit, when: [{ point: 'pump', written: true, toggle: 'alarm' }] }]);
    await client.writeCoil(3, true);
    simulator.advance('1s');
    expect([unit.points.valve.value, unit.points.alarm.value]).toEqual([false, true]);
    simulator.stop();
    expect(unit.listenerCount('pointWrite')).toBe(0);
  });

  test('a script that stays does not start anew', () => {
    const unit = tank();
    let starts = 0;
    const script = { start: () => starts++, tick: () => undefined };
    const simulator = new Simulator();
    simulator.replace([{ unit, script }]);
    simulator.advance('1s');
    simulator.replace([{ unit, script, simulate: { count: { count: {} } } }]);
    simulator.advance('1s');
    expect(starts).toBe(1);
    simulator.replace([{ unit, script: { ...script } }]);
    expect(starts).toBe(2);
  });
});

describe('a check', () => {
  test('starts nothing, and changes nothing', () => {
    const unit = tank();
    checkSimulation([
      { unit, simulate: { level: { constant: 7 } }, when: [{ point: 'pump', written: true, toggle: 'valve' }] },
    ]);
    expect([unit.points.level.value, unit.listenerCount('pointWrite')]).toEqual([50, 0]);
  });

  test('has all problems of all units, with their places', () => {
    const units: SimulatedUnit[] = [
      { unit: tank(), simulate: { level: { formula: 'lever' } }, when: [{ point: 'pomp', is: true, toggle: 'valve' }] },
      {
        unit: new Unit({ id: 2, points: { flow: { at: 'holding 0' } } }),
        simulate: { flow: { formula: 'tank.flow + tank.flew' } },
        scenarios: { dry: [{ set: { flow: -1 } }] },
      },
    ];
    expect(() => checkSimulation(units)).toThrow(
      new RegExp(
        [
          '4 problems',
          '\\[0\\]\\.simulate\\.level\\.formula: tank has no point "lever".*',
          '\\[1\\]\\.simulate\\.flow\\.formula: tank has no point "flew".*',
          '\\[0\\]\\.when\\[0\\]\\.point: tank has no point "pomp".*',
          '\\[1\\]\\.scenarios\\.dry\\[0\\]\\.set\\.flow: expected a number from 0 to 65535, found -1',
        ].join('\n- '),
      ),
    );
  });

  test('knows the faults', () => {
    const unit = tank();
    const units = [{ unit, when: [{ point: 'pump', is: false, raise: 'busy' }] }];
    checkSimulation(units, new Faults([{ name: 'busy', exception: 6 }]));
    expect(() => checkSimulation(units, new Faults([{ name: 'slow', delay: '1s' }]))).toThrow(
      '[0].when[0].raise: there is no fault "busy"; known are slow',
    );
  });
});
