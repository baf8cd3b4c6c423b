import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PointOptions, Unit } from 'busbar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { blocksOf, readDocument } from '../../../interop/helpers/document.js';
import {
  checkSimulation,
  type FaultOptions,
  Faults,
  type Simulate,
  type SimulatedUnit,
  Simulator,
} from '../src/index.js';

const PAGE = 'docs/simulating.md';
const folder = mkdtempSync(join(tmpdir(), 'busbar-simulating-'));

beforeAll(() => {
  const csv = blocksOf(PAGE).find(({ language }) => language === 'csv');
  writeFileSync(join(folder, 'day.csv'), csv?.lines.join('\n') ?? '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The rows of the table of behaviours: settings, and the values at 0, 15, 30, 45 and 60 s. */
const rows = [...readDocument(PAGE).matchAll(/^\| `(\{ \w+: .* \})` \| ([\d, ]+) \|/gm)].map(
  ([, settings = '', values = '']) => ({
    settings,
    values: values.split(', ').map(Number),
  }),
);

test('the page has every kind of behaviour', () => {
  const kinds = new Set(rows.map(({ settings }) => /\w+/.exec(settings)?.[0]));
  expect([...kinds].sort()).toEqual([
    'clock',
    'constant',
    'count',
    'follow',
    'formula',
    'ramp',
    'random',
    'replay',
    'sine',
    'square',
    'toggle',
    'total',
    'triangle',
    'walk',
  ]);
});

describe('the values of the page are those of', () => {
  test.each(rows)('$settings', ({ settings, values }) => {
    const simulate: Simulate = parse(settings);
    const unit = new Unit({ id: 1, points: { value: { at: 'input 0' }, setpoint: { at: 'holding 0', value: 100 } } });
    const simulator = new Simulator().add(unit, { simulate: { value: simulate }, folder });
    const found = values.map((_, i) => {
      simulator.advance(i === 0 ? 0 : '15s');
      return unit.points.value.value;
    });
    expect(found).toEqual(values);
  });
});

interface Config {
  units: (Omit<SimulatedUnit, 'unit'> & {
    id: number;
    name?: string;
    points: Record<string, PointOptions & { simulate?: Simulate }>;
  })[];
  faults?: FaultOptions[];
}

/** The units of a config, as the command gives them to the simulator. */
function unitsOf({ units }: Config): SimulatedUnit[] {
  return units.map(({ id, name, points, when, scenarios }) => {
    const declared = Object.entries(points).map(([key, { simulate: _, ...options }]) => [key, options]);
    const moving = Object.entries(points).flatMap(([key, { simulate }]) =>
      simulate === undefined ? [] : [[key, simulate]],
    );
    const unit = new Unit({ id, ...(name !== undefined && { name }), points: Object.fromEntries(declared) });
    return { unit, simulate: Object.fromEntries(moving), when, scenarios, folder };
  });
}

const configs = blocksOf(PAGE).filter(({ language }) => language === 'yaml');

describe('an example of the page works', () => {
  test.each(configs)('line $line', ({ lines }) => {
    const config: Config = parse(lines.join('\n'));
    const faults = new Faults(config.faults);
    const units = unitsOf(config);
    checkSimulation(units, faults);
    const simulator = new Simulator();
    const errors: string[] = [];
    simulator.on('error', ({ message }) => errors.push(message));
    simulator.faults = faults;
    simulator.replace(units);
    simulator.advance('1h');
    expect(errors).toEqual([]);
  });
});
