import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { problems } from './helpers/problems.js';

/** A config whose unit has these points, the first on line 4. */
function config(...points: string[]): string {
  return `units:\n- id: 1\n  points:\n${points.map((point) => `    ${point}\n`).join('')}`;
}

/** Points of a config as people read them. */
function texts(text: string): Record<string, string> {
  const [{ points }] = parseConfig(text, 'x').units;
  return Object.fromEntries(Object.values(points).map(({ name, place, text }) => [name, `${place} ${text}`]));
}

describe('the points of a config', () => {
  test('have a place, a type and a value, as people write them', () => {
    const text = config(
      'flow: { at: holding 0, type: int16, scale: 0.1, unit: "°C", value: -6.5 }',
      'setpoint: { at: holding 1, type: int16, scale: 0.1, offset: 2, min: 30, max: 80, value: 55.5 }',
      'energy: { at: input 0x64, type: float32, order: word-swap, unit: kWh, value: 0.1 }',
      'mode: { at: 40021, labels: { 0: off, 1: auto, 2: hand }, value: auto }',
      'alarms: { at: holding 30, type: bits, length: 2, labels: { 0: overheated, 3: no flow }, value: [no flow] }',
      'fault: { at: holding 30.1, value: true }',
      'serialNo: { at: holding 40, type: string, length: 8, padding: space, value: B-1, readOnly: true }',
      'total: { at: holding 60, type: uint64, value: 18446744073709551615, whole: true }',
      'least: { at: holding 64, type: int64, value: -9223372036854775808 }',
      'key: { at: holding 70, type: raw, length: 2, value: [1, 0xFFFF] }',
      'since: { at: holding 80, type: unixTime, value: 0, description: of the last service }',
    );
    expect(texts(text)).toEqual({
      flow: 'holding 0 (40001) -6.5 °C',
      setpoint: 'holding 1 (40002) 55.5',
      energy: 'input 100 (30101) 0.1 kWh',
      mode: 'holding 20 (40021) auto',
      alarms: 'holding 30 (40031) no flow, bit 17',
      fault: 'holding 30.1 (40031.1) on',
      serialNo: 'holding 40 (40041) B-1',
      total: 'holding 60 (40061) 18446744073709551615',
      least: 'holding 64 (40065) -9223372036854775808',
      key: 'holding 70 (40071) 0001 FFFF',
      since: 'holding 80 (40081) 1970-01-01T00:00:00Z',
    });
  });

  test.each([
    ['00010', 'coil 9 (00010)'],
    ['40031.10', 'holding 30.10 (40031.10)'],
    ['"4x0001"', 'holding 0 (40001)'],
    ['"%MW0"', 'holding 0 (40001)'],
    ['410000', 'holding 9999 (410000)'],
  ])('are where their place says, in any notation: %s', (at, place) => {
    expect(texts(config(`a: { at: ${at} }`)).a).toContain(place);
  });

  test('are numbered from 1 where the unit says so; references stay what they are', () => {
    const points = 'points: { a: { at: holding 1 }, b: { at: 40002 } }';
    expect(texts(`units: [{ id: 1, firstAddress: 1, ${points} }]`)).toEqual({
      a: 'holding 0 (40001) 0',
      b: 'holding 1 (40002) 0',
    });
  });

  test('are counted by --check', async () => {
    using folder = folderWith({ 'a.yaml': `${config('a: { at: coil 0 }', 'b: { at: coil 1 }')}- id: 2\n` });
    const { stdout } = await busbar(['serve', '--config', 'a.yaml', '--check'], { cwd: folder.path });
    expect(stdout).toBe('a.yaml: ok, 2 units, 2 points, 1 listener\n');
  });
});

describe('what is wrong with points', () => {
  const KEYS =
    'at, type, order, scale, offset, unit, description, value, min, max, labels, length, padding, readOnly, whole, simulate';

  test.each([
    [
      'flow: { at: holding 0, type: itn16 }',
      /^x:4:34: units\[0\]\.points\.flow\.type: expected one of bool, .*, found the text "itn16"; did you mean "int16"\?$/,
    ],
    [
      'flow: { at: holding 0, valeu: 1 }',
      `x:4:28: units[0].points.flow.valeu: unknown key; expected one of ${KEYS}; did you mean "value"?`,
    ],
    [
      'flow: { type: int16 }',
      'x:4:11: units[0].points.flow: expected the key "at" (a place such as holding 0, coil 3 or 40001), found none',
    ],
    ['flow: 40001', `x:4:11: units[0].points.flow: expected a map with ${KEYS}, found 40001`],
    [
      'flow: { at: holding 0, scale: "0.1" }',
      'x:4:35: units[0].points.flow.scale: expected a number, found the text "0.1"',
    ],
    [
      'flow 1: { at: holding 0 }',
      'x:4:5: units[0].points.flow 1: expected a name of letters, digits, _ and -, with a letter first, found "flow 1"',
    ],
    [
      'mode: { at: holding 0, labels: { a: off } }',
      'x:4:38: units[0].points.mode.labels.a: expected a whole number, found "a"',
    ],
    [
      'mode: { at: holding 0, labels: { 1: true } }',
      'x:4:41: units[0].points.mode.labels.1: expected a text, found true; put it in quotes to make it a text',
    ],
    [
      'flow: { at: 1 }',
      /^x:4:17: units\[0\]\.points\.flow\.at: "1" has two meanings: the reference of coil 0, or an address without its table; write /,
    ],
    [
      'flow: { at: holdign 5 }',
      'x:4:17: units[0].points.flow.at: "holdign 5" has an unknown table: write coil, discrete, input or holding',
    ],
    [
      'flow: { at: holding 0, type: int16, value: 40000 }',
      'x:4:48: units[0].points.flow.value: expected a number from -32768 to 32767, found 40000',
    ],
    [
      'flow: { at: holding 0, type: int16, scale: 0.1, max: 80, value: 90 }',
      /^x:4:69: units\[0\]\.points\.flow\.value: 90 is outside .*80$/,
    ],
    [
      'name: { at: holding 0, type: string }',
      'x:4:11: units[0].points.name.length: a point of type string needs a length, in registers',
    ],
    [
      'mode: { at: holding 0, labels: [off, auto] }',
      'x:4:36: units[0].points.mode.labels: expected a map of labels by their numbers, such as { 0: off, 1: auto }, found a list of 2',
    ],
  ])('is said with its place, and once: %s', (point, expected) => {
    expect(problems(config(point))).toEqual([
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    ]);
  });

  test('in a list instead of a map is said', () => {
    expect(problems('units: [{ id: 1, points: [{ name: flow, at: holding 0 }] }]')).toEqual([
      'x:1:26: units[0].points: expected a map of points by their names, found a list of 1',
    ]);
  });

  test('of two points in one place is said with both names', () => {
    const found = problems(config('flow: { at: holding 0, type: float32 }', 'level: { at: holding 1 }'));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^x:5:18: units\[0\]\.points\.level\.at: .*flow/);
  });

  test('of a point over a block is said with both', () => {
    const found = problems(`${config('flow: { at: holding 5 }')}  holdingRegisters: [{ start: 0, count: 10 }]\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/points\.flow.*holdingRegisters|holdingRegisters.*points\.flow/);
  });
});
