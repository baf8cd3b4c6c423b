import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { problems } from './helpers/problems.js';

function units(text: string) {
  return parseConfig(text, 'x').units.map((unit) => ({
    id: unit.id,
    name: unit.name,
    holding: unit.holdingRegisters.ranges,
    coils: unit.coils.ranges,
  }));
}

const TEN = [{ start: 0, count: 10 }];
const FIVE = [{ start: 0, count: 5 }];

describe('merge keys', () => {
  test('take over what a map has, except for its own keys', () => {
    const text = `
units:
  - &meter
    id: 1
    name: meter
    holdingRegisters: [{ start: 0, count: 10 }]
  - { <<: *meter, id: 2 }
  - <<: *meter
    id: 3
    name: other
`;
    expect(units(text)).toEqual([
      { id: 1, name: 'meter', holding: TEN, coils: [] },
      { id: 2, name: 'meter', holding: TEN, coils: [] },
      { id: 3, name: 'other', holding: TEN, coils: [] },
    ]);
  });

  test('take several maps, of which the first comes first, and maps that have such keys themselves', () => {
    const text = `
x-parts:
  - &a { holdingRegisters: [{ start: 0, count: 10 }], name: a }
  - &b { <<: *a, coils: &coils [{ start: 0, count: 10 }], name: b }
  - &c { coils: [{ start: 0, count: 5 }], holdingRegisters: *coils }
units:
  - { id: 1, <<: [*b, *c] }
  - { <<: [*c, *b], id: 2 }
  - { <<: { name: here }, id: 3 }
`;
    expect(units(text)).toEqual([
      { id: 1, name: 'b', holding: TEN, coils: TEN },
      { id: 2, name: 'b', holding: TEN, coils: FIVE },
      { id: 3, name: 'here', holding: [], coils: [] },
    ]);
  });

  test('work in JSON, as YAML 1.2 contains it', () => {
    expect(units('{"units": [{"id": 1, <<: {"name": "x"}}]}')[0]?.name).toBe('x');
  });

  test('serve a bus of 247 units with much in common', () => {
    const base = 'x-meter: &meter { name: meter, holdingRegisters: [{ start: 0, count: 10 }] }\nunits:\n';
    const many = Array.from({ length: 247 }, (_, i) => `  - { <<: *meter, id: ${i + 1} }\n`);
    expect(units(base + many.join(''))).toHaveLength(247);
  });

  test('report a problem where the map is that has it, once for each unit', () => {
    const text =
      'x-base: &base\n  nmae: x\n  coils: [{start: 0, count: 0}]\nunits:\n- {<<: *base, id: 1}\n- {<<: *base, id: 256}\n';
    expect(problems(text).map((line) => line.split(': ').slice(0, 2).join(' '))).toEqual([
      'x:2:3 units[0].nmae',
      'x:2:3 units[1].nmae',
      'x:3:29 units[0].coils[0].count',
      'x:3:29 units[1].coils[0].count',
      'x:6:19 units[1].id',
    ]);
  });

  test.each([
    [
      'units:\n- {<<: 5, id: 1}',
      'x:2:8: units[0].<<: expected a map, such as *base for one with the anchor &base, or a list of maps',
    ],
    [
      'x-a: &a [1]\nunits:\n- {<<: *a, id: 1}',
      'x:3:8: units[0].<<: expected a map, such as *base for one with the anchor &base, or a list of maps',
    ],
    [
      'units:\n- {<<: [{}, x], id: 1}',
      'x:2:13: units[0].<<: expected a map, such as *base for one with the anchor &base, or a list of maps',
    ],
    ['units:\n- &a {<<: *a, id: 1}', 'x:2:11: units[0].<<: found *a within the map that it stands for'],
    ['units: &a [{b: &b {c: {<<: *b}}, id: 1}]', 'x:1:28: units[0].b.c.<<: found *b within the map that it stands for'],
    ['units: [{<<: *nobody}]', 'x:1:14: found *nobody, but no &nobody before it'],
    ['units:\n- <<: {id: 1}\n  <<: {name: x}', 'x:3:3: units[0].<<: expected only one "<<", found another on line 2'],
  ])('with something else than maps are refused: %j', (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  test('that would fill the memory are refused', () => {
    const maps = ['x-0: &m0 { a: [x, x, x, x, x, x, x, x, x, x] }'];
    for (let i = 1; i < 40; i++) maps.push(`x-${i}: &m${i} { a: { <<: *m${i - 1} }, b: { <<: *m${i - 1} } }`);
    expect(problems(`${maps.join('\n')}\nunits: [{ id: 1, <<: *m39 }]`)).toEqual([
      'x: Excessive alias count indicates a resource exhaustion attack',
    ]);
  });
});

test('keys that begin with x- are there for anchors only, and only at the top', () => {
  expect(units('x-note: anything\nunits: [{ id: 1 }]')).toHaveLength(1);
  expect(problems('units: [{ id: 1, x-note: 1 }]')[0]).toMatch(/units\[0\]\.x-note: unknown key/);
});
