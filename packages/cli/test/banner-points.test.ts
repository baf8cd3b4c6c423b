import { type PointDeclarations, Unit, type UnitOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import type { Listener } from '../src/listeners/schema.js';
import { banner, type Screen, type Served } from '../src/log/banner.js';
import { Logger } from '../src/log/logger.js';
import { TestOutput } from './helpers/output.js';

const log = new Logger('pretty', 'info', new TestOutput(), {});
const AT: Listener = { type: 'tcp', host: '127.0.0.1', port: 5020 };

function lines(units: UnitOptions[], more: Partial<Served> = {}, screen?: Screen): string[] {
  const served = units.map((options) => new Unit(options));
  const places = [{ listener: AT, units: served }];
  return banner({ title: 'Busbar', places, units: served, ...more }, log, screen).split('\n');
}

/** As many points as `count`, one input register each. */
function many(count: number): PointDeclarations {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, { at: `input ${i}` }]));
}

const BOILER: UnitOptions = {
  id: 1,
  name: 'boiler',
  points: {
    flow: { at: 'input 0', type: 'int16', scale: 0.1, unit: '°C', value: 61.5 },
    energy: { at: 'input 100', type: 'float32', order: 'CDAB', unit: 'kWh', value: 18342 },
    mode: { at: 40021, labels: { 0: 'off', 1: 'auto' }, value: 'auto' },
    fault: { at: 'holding 30.0' },
    serialNo: { at: 'holding 40', type: 'string', length: 20, value: 'B-1234-5678-9012-3456-7890' },
  },
};

describe('the points of the banner', () => {
  test('are a table with both forms of each place, the value, and what moves it', () => {
    const mover: Served['mover'] = ({ name }) => (name === 'flow' ? 'follows setpoint' : undefined);
    expect(lines([BOILER], { mover })).toEqual(
      expect.arrayContaining([
        '  unit 1 boiler',
        '    flow      input 0 (30001)         int16         61.5 °C       follows setpo…',
        '    energy    input 100 (30101)       float32 CDAB  18342 kWh',
        '    mode      holding 20 (40021)      uint16        auto',
        '    fault     holding 30.0 (40031.0)  bool          off',
        '    serialNo  holding 40 (40041)      string        B-1234-5678-9012-3456-7…',
      ]),
    );
  });

  test('stay within the width of the screen', () => {
    const mover = () => 'a formula that is far too long for any screen on which people read what a server says';
    for (const columns of [80, 100, 120]) {
      const longest = Math.max(...lines([BOILER], { mover }, { rows: 24, columns }).map((line) => line.length));
      expect(longest).toBeLessThanOrEqual(columns);
      expect(longest).toBeGreaterThan(columns - 10);
    }
  });

  test('are at most as many as a screen has room for, shared by the units', () => {
    const shown = (units: UnitOptions[], rows: number) => {
      const text = lines(units, {}, { rows, columns: 80 });
      const counts = text.flatMap((line) => /^ {4}and (\d+) more$/.exec(line)?.[1] ?? []);
      return { points: text.filter((line) => line.includes('input ')).length, left: counts.map(Number) };
    };
    expect(shown([{ id: 1, points: many(20) }], 24)).toEqual({ points: 20, left: [] });
    expect(shown([{ id: 1, points: many(21) }], 24)).toEqual({ points: 20, left: [1] });
    expect(shown([{ id: 1, points: many(100) }], 54)).toEqual({ points: 50, left: [50] });
    const three = [4, 100, 100].map((count, i) => ({ id: i + 1, points: many(count) }));
    expect(shown(three, 24)).toEqual({ points: 20, left: [92, 92] });
    const crowd = Array.from({ length: 30 }, (_, i) => ({ id: i, points: many(5) }));
    expect(shown(crowd, 24)).toEqual({ points: 90, left: crowd.map(() => 2) });
  });

  test('stand before what a unit has besides them', () => {
    const points: PointDeclarations = {
      low: { at: 'holding 2', type: 'int32' },
      high: { at: 'holding 9' },
      bit: { at: 'holding 5.1' },
      other: { at: 'holding 5.2' },
    };
    const holdingRegisters = [
      { start: 0, count: 2 },
      { start: 4, count: 1 },
      { start: 6, count: 3 },
      { start: 10, count: 5 },
    ];
    const text = lines([{ id: 1, points, holdingRegisters, coils: [{ start: 3, count: 1 }] }]);
    expect(text.slice(9, 14)).toEqual([
      '    besides:',
      '      coils              3 (00004)',
      '      holding registers  0..1 (40001..40002), 4 (40005), 6..8 (40007..40009),',
      '                         10..14 (40011..40015)',
      '',
    ]);
  });

  test('of shared memory stand before the registers that belong to none', () => {
    const points: PointDeclarations = {
      a: { at: 'holding 0' },
      b: { at: 'coil 17' },
      c: { at: 'input 5', type: 'int32' },
    };
    const text = lines([{ id: 1, shared: true, points, holdingRegisters: [{ start: 8, count: 5 }] }]);
    expect(text.slice(8, 10)).toEqual(['    besides:', '      shared memory      8..12 (40009..40013)']);
    expect(text[10]).toBe('');
  });

  test('cannot steer the terminal', () => {
    const points: PointDeclarations = {
      a: { at: 'holding 0', labels: { 0: 'x\u001b[2J' } },
      b: { at: 'holding 1', unit: '\n' },
    };
    const text = lines([{ id: 1, points }], { mover: () => '\u0007', notes: [['faults: \u001b[2J']] }).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text).toContain('x\\u001b[2J');
  });
});

test('notes on all of it stand below the units', () => {
  const text = lines([{ id: 1 }], { notes: [['simulation: seed 1']] });
  expect(text.slice(4, 8)).toEqual(['  unit 1', '    without data', '', '  simulation: seed 1']);
});

describe('the commands to try', () => {
  const commands = (points: PointDeclarations, more: Partial<UnitOptions> = {}) =>
    lines([{ id: 3, points, ...more }]).flatMap((line) => /-a .*?(?= -1 127| 127)/.exec(line)?.[0] ?? []);

  test('read points by their types, as many as follow one another', () => {
    const points: PointDeclarations = {
      flow: { at: 'input 0', type: 'int16' },
      returns: { at: 'input 1', type: 'int16' },
      text: { at: 'input 2', type: 'string', length: 4 },
      volts: { at: 'input 10', type: 'float32' },
      amps: { at: 'input 12', type: 'float32' },
      pump: { at: 'coil 5' },
      far: { at: 'input 99', type: 'uint16' },
    };
    expect(commands(points)).toEqual([
      '-a 3 -0 -t 3 -r 0 -c 2',
      '-a 3 -0 -t 3:float -B -r 10 -c 2',
      '-a 3 -0 -t 0 -r 5 -c 1',
    ]);
  });

  test('are one for each form of values, the longest run of each, and one that writes', () => {
    const points: PointDeclarations = {
      mode: { at: 'holding 9' },
      setpoint: { at: 'holding 0', type: 'int16', scale: 0.1, min: 30, max: 80, value: 65 },
      flow: { at: 'input 0', type: 'int16' },
      total: { at: 'input 10', type: 'uint32' },
      energy: { at: 'input 20', type: 'float32', order: 'CDAB' },
      volts: { at: 'input 30', type: 'float32' },
      amps: { at: 'input 32', type: 'float32' },
    };
    expect(commands(points)).toEqual([
      '-a 3 -0 -t 4 -r 0 -c 1',
      '-a 3 -0 -t 3:float -B -r 30 -c 2',
      '-a 3 -0 -t 3:int -B -r 10 -c 1',
      '-a 3 -0 -t 4 -r 0',
    ]);
    expect(
      lines([{ id: 3, points }])
        .filter((line) => line.includes('mbpoll'))
        .at(-1),
    ).toMatch(/ -r 0 127\.0\.0\.1 800$/);
  });

  test.each<[PointDeclarations[string], string | undefined]>([
    [{ at: 'holding 7', type: 'float32' }, '-t 4:float -B -r 7 -c 1'],
    [{ at: 'holding 7', type: 'float32', order: 'CDAB' }, '-t 4:float -r 7 -c 1'],
    [{ at: 'input 7', type: 'uint32' }, '-t 3:int -B -r 7 -c 1'],
    [{ at: 'input 7', type: 'unixTime', order: 'word-swap' }, '-t 3:int -r 7 -c 1'],
    [{ at: 'discrete 7' }, '-t 1 -r 7 -c 1'],
    [{ at: 'holding 7', type: 'bits' }, '-t 4 -r 7 -c 1'],
    [{ at: 'holding 7', type: 'float32', order: 'DCBA' }, undefined],
    [{ at: 'holding 7', type: 'int64' }, undefined],
    [{ at: 'holding 7', type: 'string', length: 1 }, undefined],
    [{ at: 'holding 7.3' }, undefined],
  ])('show a value as mbpoll can: %j', (point, expected) => {
    const tail = '-t 4 -r 7 -c ';
    const [command] = commands({ p: point });
    if (expected === undefined) expect(command).toMatch(new RegExp(tail));
    else expect(command).toBe(`-a 3 -0 ${expected}`);
  });
});
