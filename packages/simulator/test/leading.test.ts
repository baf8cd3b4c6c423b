import type { Unit } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { type Script, type SimulatedUnit, Simulator } from '../src/index.js';
import { Client } from './helpers/client.js';
import { tank } from './helpers/tank.js';

let client: Client | undefined;

afterEach(async () => {
  await client?.close();
  client = undefined;
});

/** A simulator of one tank, which it may move as long as `leads` is true. */
function led(life: Omit<SimulatedUnit, 'unit'>, leads = true) {
  const unit = tank();
  const simulator = new Simulator();
  const asked: Unit[] = [];
  const state = { unit, simulator, asked, leads };
  simulator.leads = (each) => {
    asked.push(each);
    return state.leads;
  };
  simulator.add(unit, life);
  return state;
}

describe('a unit that another program moves', () => {
  test('stands still until it may be moved, and then begins', () => {
    const state = led({ simulate: { count: { count: { from: 5 } } } }, false);
    const { simulator, unit } = state;
    simulator.advance('10s');
    expect(unit.points.count.value).toBe(0);
    expect(state.asked.every((each) => each === unit)).toBe(true);
    state.leads = true;
    simulator.advance('2s');
    expect(unit.points.count.value).toBe(17);
  });

  test('goes on from what its points hold when it may be moved again, and not from what was before', () => {
    const total = { total: { point: 'flow' } };
    const state = led({ simulate: { count: { count: { from: 1 } }, speed: total } });
    const { simulator, unit } = state;
    const { count, speed, flow } = unit.points;
    flow.value = 10;
    simulator.advance('5s');
    expect([count.value, speed.value]).toEqual([6, 50]);
    state.leads = false;
    simulator.advance('1h');
    expect([count.value, speed.value]).toEqual([6, 50]);
    [count.value, speed.value] = [100, 1000];
    state.leads = true;
    simulator.advance('100ms');
    expect([count.value, speed.value]).toEqual([100, 1000]);
    simulator.advance('5s');
    expect([count.value, speed.value]).toEqual([105, 1050]);
  });

  test('keeps apart from those that are moved here', () => {
    const [unit, other] = [tank(), Object.assign(tank(), { name: 'other' })];
    const simulator = new Simulator();
    simulator.leads = (each) => each === other;
    for (const each of [unit, other]) simulator.add(each, { simulate: { count: { count: {} }, level: { count: {} } } });
    simulator.advance('3s');
    expect([unit, other].map(({ points: { count, level } }) => [count.value, level.value])).toEqual([
      [0, 50],
      [3, 53],
    ]);
  });

  test('has no reactions, neither to values nor to what clients have written meanwhile', async () => {
    const when = [
      { point: 'level', above: 80, set: { alarm: true } },
      { point: 'valve', written: true, set: { count: 7 } },
      { point: 'pump', is: false, after: '1m', set: { speed: 1 } },
    ];
    const state = led({ when });
    const { simulator, unit } = state;
    const { level, alarm, count, pump, speed } = unit.points;
    client = await Client.of(unit);
    simulator.advance('1s');
    pump.value = false;
    simulator.advance('1s');
    state.leads = false;
    simulator.advance('1s');
    level.value = 90;
    await client.writeCoil(4, true);
    simulator.advance('2m');
    state.leads = true;
    simulator.advance('2m');
    expect([alarm.value, count.value, speed.value]).toEqual([false, 0, 0]);
    level.value = 10;
    simulator.advance('1s');
    level.value = 90;
    await client.writeCoil(4, true);
    simulator.advance('1s');
    expect([alarm.value, count.value]).toEqual([true, 7]);
  });

  test('has no scenarios: those that run end, and others are refused', () => {
    const scenarios = { fill: [{ at: '1s', set: { count: 1 } }] };
    const state = led({ scenarios });
    const { simulator, unit } = state;
    const told: string[] = [];
    simulator.on('scenario', ({ state: each }) => told.push(each));
    simulator.run('fill');
    state.leads = false;
    simulator.advance('5s');
    expect([told, unit.points.count.value]).toEqual([['started', 'cancelled'], 0]);
    expect(() => simulator.run('fill')).toThrow('name: another program moves tank: run "fill" there');
    state.leads = true;
    simulator.advance('1s');
    simulator.run('tank.fill');
    simulator.advance('1s');
    expect(unit.points.count.value).toBe(1);
  });

  test('has no script, which starts when the unit may be moved for the first time', async () => {
    const calls: string[] = [];
    const script: Script = {
      start: () => calls.push('start'),
      tick: () => calls.push('tick'),
      written: (_, { point }) => calls.push(point.name),
    };
    const state = led({ script }, false);
    const { simulator, unit } = state;
    client = await Client.of(unit);
    simulator.advance('1s');
    await client.writeCoil(3, false);
    simulator.advance('1s');
    expect(calls).toEqual([]);
    state.leads = true;
    simulator.advance('100ms');
    await client.writeCoil(4, true);
    simulator.advance('100ms');
    state.leads = false;
    simulator.advance('1s');
    state.leads = true;
    simulator.advance('100ms');
    expect(calls).toEqual(['start', 'tick', 'valve', 'tick', 'tick']);
  });

  test('heeds what clients of other programs write, if it is told how to know that', async () => {
    const told: unknown[] = [];
    const script: Script = { written: (_, { point, value, peer }) => told.push(point.name, value, peer.transport) };
    const state = led({ when: [{ point: 'valve', written: true, set: { count: 7 } }], script });
    const { simulator, unit } = state;
    const { valve, pump, count } = unit.points;
    simulator.clientSources = ['sharing'];
    simulator.advance('100ms');
    unit.as('sharing', () => {
      valve.value = true;
    });
    unit.as('else', () => {
      pump.value = false;
    });
    simulator.advance('100ms');
    expect([count.value, told]).toEqual([7, ['valve', true, 'sharing']]);
  });

  test('is the same when all units are replaced', () => {
    const state = led({ simulate: { count: { count: {} } } }, false);
    const { simulator, unit } = state;
    simulator.advance('1s');
    simulator.replace([{ unit, simulate: { count: { count: { by: 2 } } } }]);
    simulator.advance('1s');
    expect(unit.points.count.value).toBe(0);
  });
});

describe('a unit that is taken up', () => {
  test('goes on from what its points hold when the simulation begins', () => {
    const unit = tank();
    const simulator = new Simulator().add(unit, {
      simulate: { count: { count: { from: 1, to: 100 } }, flow: { walk: { from: 0, to: 50, step: 0.1 } } },
    });
    unit.points.count.value = 98;
    unit.points.flow.value = 40;
    simulator.takeUp(unit);
    simulator.advance('4s');
    expect(unit.points.count.value).toBe(2);
    expect(unit.points.flow.value).toBeCloseTo(40, -1);
  });

  test('may come later, and be taken up at any time', () => {
    const unit = tank();
    const simulator = new Simulator();
    simulator.advance('10s');
    unit.points.count.value = 20;
    simulator.takeUp(unit);
    simulator.replace([{ unit, simulate: { count: { count: { from: 1 } } } }]);
    simulator.advance('1s');
    expect(unit.points.count.value).toBe(21);
    unit.points.count.value = 50;
    simulator.takeUp(unit);
    simulator.advance('1s');
    expect(unit.points.count.value).toBe(51);
  });
});
