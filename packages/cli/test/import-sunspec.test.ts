import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../src/config/problems.js';
import { UsageError } from '../src/ground/usage-error.js';
import { importSunspec } from '../src/import/sunspec/import.js';

function model(id: number) {
  const file = `model_${id}.json`;
  return { file, text: readFileSync(new URL(`fixtures/sunspec/${file}`, import.meta.url), 'utf8') };
}

const DEFAULTS = { base: 40_000, repeats: new Map<string, number>() };

function imported(ids: number[], options: Partial<typeof DEFAULTS> = {}) {
  const { draft, headings } = importSunspec(ids.map(model), { ...DEFAULTS, ...options });
  return { unit: draft.units[0], points: draft.units[0].points ?? {}, headings };
}

/** A model of these points, behind its id and length. */
function madeOf(points: object[], groups: object[] = []) {
  const head = ['ID', 'L'].map((name) => ({ name, type: 'uint16', size: 1 }));
  const group = { name: 'made', type: 'group', points: [...head, ...points], groups };
  return { file: 'made.json', text: JSON.stringify({ id: 64_000, group }) };
}

function problems(file: { file: string; text: string }): string[] {
  try {
    importSunspec([file], DEFAULTS);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a SunSpec model', () => {
  test('becomes a device with the mark, model 1, the model, and the end', () => {
    const { unit, points, headings } = imported([160]);
    expect(unit).toMatchObject({ id: 1, name: 'Multiple MPPT Inverter Extension Model' });
    expect(points).toMatchObject({
      SunS: { at: 'holding 40000', type: 'string', length: 2, value: 'SunS', readOnly: true },
      ID_1: { at: 'holding 40002', value: 1 },
      L_1: { at: 'holding 40003', value: 66 },
      Mn: { at: 'holding 40004', type: 'string', length: 16, value: 'Busbar' },
      DA: { at: 'holding 40068', value: 1 },
      ID_160: { at: 'holding 40070', value: 160 },
      L_160: { at: 'holding 40071', value: 28 },
      end_ID: { at: 'holding 40100', value: 65_535 },
      end_L: { at: 'holding 40101' },
    });
    expect(points.DA.readOnly).toBeUndefined();
    expect(headings.get('ID_160')).toBe('Model 160: Multiple MPPT Inverter Extension Model, registers 40070 to 40099');
  });

  test('begins where it is told', () => {
    expect(imported([160], { base: 0 }).points).toMatchObject({
      SunS: { at: 'holding 0' },
      ID_1: { at: 'holding 2' },
      ID_160: { at: 'holding 70' },
    });
  });

  test('has scale factors that fit what they scale', () => {
    const { points } = imported([160]);
    expect(points.DCA_SF).toMatchObject({ type: 'int16', value: -2 });
    expect(points.module_1_DCA).toMatchObject({ type: 'uint16', scale: 0.01, unit: 'A' });
    expect(points.DCW_SF).not.toHaveProperty('value');
    expect(points.module_1_DCW).not.toHaveProperty('scale');
    expect(points.module_1_Tmp).toMatchObject({ unit: '°C' });
  });

  test('has labels of enumerations and bit fields', () => {
    const { points } = imported([160]);
    const states = points.module_1_DCSt;
    expect(states).toMatchObject({ type: 'uint16', value: 'OFF', readOnly: true });
    expect(states.labels?.get(4)).toBe('MPPT');
    const events = points.module_1_DCEvt;
    expect(events).toMatchObject({ type: 'bits', length: 2 });
    expect(events.labels?.get(5)).toBe('CABINET_OPEN');
  });

  test('repeats its groups as often as it is told, and counts them', () => {
    const { points } = imported([160], { repeats: new Map([['module', 3]]) });
    expect(points).toMatchObject({
      L_160: { value: 68 },
      N: { value: 3 },
      module_1_ID: { at: 'holding 40080' },
      module_2_ID: { at: 'holding 40100' },
      module_3_DCEvt: { at: 'holding 40138' },
      end_ID: { at: 'holding 40140' },
    });
  });

  test('may have groups within groups, and what clients may write', () => {
    const { points } = imported([705], {
      repeats: new Map([
        ['Crv', 2],
        ['Pt', 4],
      ]),
    });
    expect(points).toMatchObject({
      NPt: { value: 4, readOnly: true },
      NCrv: { value: 2 },
      Crv_1_Pt_4_Var: { at: 'holding 40102', type: 'int16' },
      Crv_2_ActPt: { at: 'holding 40103' },
    });
    expect(points.Crv_2_Pt_1_V).not.toHaveProperty('readOnly');
    expect(points.Crv_2_ReadOnly).toMatchObject({ readOnly: true, value: 'RW' });
  });

  test('stands behind others, and has names of its own', () => {
    const { unit, points } = imported([705, 160]);
    expect(unit.name).toBe('DER Volt-Var');
    expect(points).toMatchObject({
      ID_705: { at: 'holding 40070' },
      ID_160: { at: 'holding 40097' },
      module_1_ID: { at: 'holding 40107' },
    });
  });

  test('may have points of every type', () => {
    const point = (name: string, type: string, size: number, more = {}) => ({ name, type, size, ...more });
    const { draft } = importSunspec(
      [
        madeOf([
          point('a', 'acc64', 4),
          point('b', 'raw16', 1),
          point('c', 'ipv6addr', 8),
          point('d', 'eui48', 4),
          point('e', 'pad', 1),
          point('f', 'pad', 3),
          point('g', 'float64', 4),
          point('h', 'int32', 2, { sf: -7, units: 'Degrees' }),
          point('i', 'enum32', 2, {
            symbols: [
              { name: 'X', value: 1 },
              { name: 'X', value: 2 },
            ],
          }),
        ]),
      ],
      DEFAULTS,
    );
    expect(draft.units[0].points).toMatchObject({
      a: { type: 'uint64' },
      b: { type: 'raw', length: 1 },
      c: { type: 'raw', length: 8 },
      d: { type: 'raw', length: 4 },
      e: { type: 'uint16', value: 0x8000 },
      f: { type: 'raw', length: 3, value: [0x8000, 0x8000, 0x8000] },
      g: { type: 'float64' },
      h: { type: 'int32', scale: 1e-7, unit: 'Degrees' },
      i: {
        type: 'uint32',
        labels: new Map([
          [1, 'X'],
          [2, 'X_2'],
        ]),
        value: 'X',
      },
    });
  });
});

describe('what is no SunSpec model', () => {
  test.each([
    ['{', 'made.json:1:2: Flow map must end with a }'],
    [
      '{"id": 1}',
      'made.json:1:1: expected the key "group" (a map with name, type, count, label, points, groups), found none',
    ],
    [
      '{"id": 70000, "group": {"name": "x", "type": "group"}}',
      'made.json:1:8: id: expected a whole number from 1 to 65535, found 70000',
    ],
    [
      '{"id": 7, "group": {"name": "x", "type": "group"}}',
      'made.json:1:20: group.points: expected the points ID and L first, as every model has them',
    ],
  ])('is refused: %s', (text, message) => {
    expect(problems({ file: 'made.json', text })[0]).toBe(message);
  });

  test('is refused where a size is wrong, with its place', () => {
    expect(problems(madeOf([{ name: 'a', type: 'uint32', size: 1 }]))).toEqual([
      expect.stringMatching(/^made\.json:1:\d+: group\.points\[2\]\.size: expected 2 for uint32, found 1$/),
    ]);
  });

  test.each([
    [[160, 160], DEFAULTS, 'model_160.json and model_160.json are both model 160'],
    [
      [160],
      { base: 0, repeats: new Map([['modul', 2]]) },
      '--repeat modul: no such group; there is module; did you mean module?',
    ],
    [
      [160],
      { base: 65_000, repeats: new Map([['module', 99]]) },
      'the models end at register 67061: choose a smaller --base',
    ],
  ])('is refused: %j with %j', (ids, options, message) => {
    expect(() => importSunspec(ids.map(model), options)).toThrow(new UsageError(message));
  });
});
