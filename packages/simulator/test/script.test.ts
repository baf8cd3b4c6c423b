import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Unit } from 'busbar';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { Faults, loadScript, type Script, type ScriptDevice, Simulator } from '../src/index.js';
import { Client } from './helpers/client.js';
import { tank } from './helpers/tank.js';

type Tank = ReturnType<typeof tank>['points'];

let client: Client | undefined;

afterEach(async () => {
  await client?.close();
  client = undefined;
});

describe('a script', () => {
  test('starts, and is called at each tick with typed points', () => {
    const unit = tank();
    const calls: string[] = [];
    const script: Script<Tank> = {
      start({ points, time }) {
        calls.push(`start ${time}`);
        points.flow.value = 1;
      },
      tick({ points, time, date }) {
        points.flow.value = points.flow.value + (points.pump.value ? 0.1 : 0);
        if (time % 500 === 0) calls.push(`${time} ${date.toISOString()}`);
      },
    };
    const simulator = new Simulator({ date: '2026-01-31T06:30:00Z' }).add(unit, { script });
    simulator.advance('1s');
    expect(unit.points.flow.value).toBe(2);
    expect(calls).toEqual(['start 0', '500 2026-01-31T06:30:00.500Z', '1000 2026-01-31T06:30:01.000Z']);
  });

  test('starts in each unit that has it', () => {
    const units = [tank(), tank()];
    const started: Unit[] = [];
    const script = { start: ({ unit }: ScriptDevice) => started.push(unit) };
    const simulator = new Simulator();
    simulator.replace(units.map((unit) => ({ unit, script })));
    simulator.advance('1s');
    expect(started).toEqual(units);
    const another = tank();
    simulator.replace([units[0], another].map((unit) => ({ unit, script })));
    expect(started).toEqual([...units, another]);
  });

  test('sees each value of the points that move, at any speed', () => {
    const unit = tank();
    const seen: number[] = [];
    const script: Script<Tank> = { tick: ({ points }) => seen.push(points.level.value) };
    const simulate = { level: { count: { from: 0, every: '100ms' } } };
    new Simulator().add(unit, { script, simulate }).advance('500ms');
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('is told what clients write', async () => {
    const unit = tank();
    client = await Client.of(unit);
    const seen: unknown[] = [];
    const script: Script<Tank> = {
      written: ({ points }, { point, value, previous, peer }) => {
        seen.push([point.name, value, previous, peer.transport]);
        points.command.value = 0;
      },
    };
    const simulator = new Simulator().add(unit, { script });
    simulator.advance(0);
    await client.writeRegister(0, 7);
    await client.writeCoil(3, false);
    unit.points.valve.value = true;
    expect(seen).toEqual([]);
    simulator.advance('100ms');
    expect(seen).toEqual([
      ['command', 7, 0, 'stream'],
      ['pump', false, true, 'stream'],
    ]);
    expect(unit.points.command.value).toBe(0);
  });

  test('has random numbers that follow from the seed', () => {
    const numbers = (seed: number) => {
      const seen: number[] = [];
      const script: Script = { tick: ({ random }) => seen.push(random()) };
      new Simulator({ seed }).add(tank(), { script }).advance('1s');
      return seen;
    };
    expect(numbers(1)).toHaveLength(10);
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
  });

  test('runs scenarios and switches faults', () => {
    const unit = tank();
    const switched: unknown[] = [];
    const script: Script = {
      start({ run, raise, clear }) {
        run('fill');
        raise('busy');
        clear('busy');
      },
    };
    const simulator = new Simulator();
    simulator.faults = new Faults([{ name: 'busy', exception: 6, active: false }]);
    simulator.faults.on('switched', ({ fault, active }) => switched.push([fault.name, active]));
    simulator.add(unit, { script, scenarios: { fill: [{ set: { level: 90 } }] } }).advance('1s');
    expect(unit.points.level.value).toBe(90);
    expect(switched).toEqual([
      ['busy', true],
      ['busy', false],
    ]);
  });

  test('that throws or rejects is reported, once for the same reason, and the simulation goes on', async () => {
    const unit = tank();
    const errors: string[] = [];
    const script: Script = {
      start: async () => {
        throw new Error('no such file');
      },
      tick({ run }) {
        run('dry');
      },
      written() {
        throw Object.create(null);
      },
    };
    const simulator = new Simulator().add(unit, { script, simulate: { count: { count: {} } } });
    simulator.on('error', ({ message }) => errors.push(message));
    client = await Client.of(unit);
    simulator.advance('1s');
    await client.writeRegister(0, 7);
    simulator.advance('4s');
    expect(unit.points.count.value).toBe(5);
    expect(errors.sort()).toEqual([
      'tank: script, start: no such file',
      'tank: script, tick: there is no scenario "dry"; known are none',
      'tank: script, written: something was thrown that cannot be shown',
    ]);
  });

  test('that rejects at each tick is reported once until it has succeeded', async () => {
    const errors: string[] = [];
    let healthy = false;
    const script: Script = {
      async tick() {
        if (!healthy) throw new Error('no answer');
      },
    };
    const simulator = new Simulator().add(tank(), { script });
    simulator.on('error', ({ message }) => errors.push(message));
    for (const state of [false, false, true, false, false]) {
      healthy = state;
      simulator.advance('100ms');
      await setImmediate();
    }
    expect(errors).toEqual(Array(2).fill('tank: script, tick: no answer'));
  });

  test.each<[unknown, string]>([
    [{}, 'found none of them'],
    ['file.mjs', 'expected an object with the functions start, tick, written, found "file.mjs"'],
    [{ tick: 5 }, 'found tick: number'],
    [{ tock: () => 0 }, 'found tock: function'],
  ])('is refused: %j', (script, problem) => {
    expect(() => new Simulator().add(tank(), { script: script as Script })).toThrow(problem);
  });
});

test('settings and scripts are typed by the points of their unit', () => {
  const simulator = new Simulator();
  const script: Script<Tank> = {
    tick({ points }) {
      points.mode.value = 'hand';
      // @ts-expect-error: no label of the point
      points.mode.value = 'manual';
      // @ts-expect-error: no point of the unit
      points.lever.value = 1;
    },
  };
  simulator.add(tank(), { script });
  // @ts-expect-error: no point of the unit
  simulator.add(tank(), { simulate: { lever: { constant: 1 } } });
  // @ts-expect-error: no kind of behaviour
  expect(() => simulator.add(tank(), { simulate: { level: { ramps: { from: 0 } } } })).toThrow('unknown key');
});

describe('a script in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-script-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function write(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  test('is its default export, and read anew with another version', async () => {
    const path = write('a b.mjs', 'export default { tick() {} };');
    expect(Object.keys(await loadScript(path))).toEqual(['tick']);
    write('a b.mjs', 'export default { written() {} };');
    expect(Object.keys(await loadScript(path))).toEqual(['tick']);
    expect(Object.keys(await loadScript(path, 1))).toEqual(['written']);
  });

  test.each([
    ['missing.mjs', undefined, /missing\.mjs can't be imported: /],
    ['broken.mjs', 'export default {', /broken\.mjs can't be imported: /],
    ['throws.mjs', 'throw new Error("no luck");', /throws\.mjs can't be imported: no luck/],
    [
      'named.mjs',
      'export const tick = () => 0;',
      /expected an object with the functions start, tick, written, found none/,
    ],
    ['wrong.mjs', 'export default { tock() {} };', /expected the functions start, tick, written, found tock: function/],
  ])('is refused: %s', async (name, text, problem) => {
    const path = text === undefined ? join(folder, name) : write(name, text);
    await expect(loadScript(path)).rejects.toThrow(problem);
  });
});
