import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { problems } from './helpers/problems.js';

beforeEach(() => {
  vi.stubEnv('UNIT', '7');
  vi.stubEnv('NAME', 'boiler: the "old" one # here');
  vi.stubEnv('EMPTY', '');
  vi.stubEnv('NO_SUCH', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A text with variables, which are written @{…} here, so that nobody takes it for a template. */
function withVariables(text: string): string {
  return text.replaceAll('@{', '$' + '{');
}

function firstUnit(text: string) {
  return parseConfig(withVariables(text), 'x').units[0];
}

function problemsIn(text: string): string[] {
  return problems(withVariables(text));
}

describe('variables of the environment in values', () => {
  test.each([
    ['units:\n- id: @{UNIT}\n  name: @{NAME}\n', 7, 'boiler: the "old" one # here'],
    ['units: [{id: @{UNIT}, name: @{NAME}}]', 7, 'boiler: the "old" one # here'],
    ['{"units": [{"id": @{UNIT}, "name": "@{NAME}"}]}', 7, 'boiler: the "old" one # here'],
    ["units: [{id: 1@{UNIT}, name: 'no. @{UNIT}@{UNIT}'}]", 17, 'no. 77'],
    ['units: [{id: @{NO_SUCH:-0x10}, name: "@{UNIT}"}]', 16, '7'],
    ['units: [{id: @{UNIT:-1}, name: @{NO_SUCH:-a, b: [c] # d}}]', 7, 'a, b: [c] # d'],
    ['units: [{id: @{EMPTY:-3}, name: "@{EMPTY}x@{NO_SUCH:-}"}]', 3, 'x'],
    ['units: [{id: 1, name: $@{UNIT} costs $5}]', 1, '@{UNIT} costs $5'],
    ['# @{NO_SUCH} and @{\nunits: [{id: 1, name: "$UNIT"}]', 1, '$UNIT'],
    ['units:\n- id: &id @{UNIT}\n  name: |-\n    @{UNIT}\n    *id', 7, '7\n*id'],
  ])('%j', (text, id, name) => {
    const unit = firstUnit(text);
    expect({ id: unit.id, name: unit.name }).toEqual({ id, name: withVariables(name) });
  });
});

test('a value is a number or another word only without quotes, and never a list or a map', () => {
  vi.stubEnv('LIST', '[1, 2]');
  vi.stubEnv('MODE', '0660');
  vi.stubEnv('WORD', 'true');
  vi.stubEnv('LARGE', '18446744073709551615');
  expect(problemsIn('units: [{id: "@{UNIT}"}]')).toEqual([
    'x:1:14: units[0].id: expected a whole number from 0 to 255, found the text "7"',
  ]);
  expect(problemsIn('units: @{LIST}')).toEqual([
    'x:1:8: units: expected a list of at least 1, each a map, found the text "[1, 2]"',
  ]);
  const text = [
    'listen: [{type: unix, path: a, mode: @{MODE}}]',
    'units: [{id: 1, access: {readOnly: @{WORD}}, inputRegisters: [{start: 0, type: uint64, values: [@{LARGE}]}]}]',
  ].join('\n');
  const { units, servers } = parseConfig(withVariables(text), 'x');
  expect(units[0].inputRegisters.getBigUint64(0)).toBe(2n ** 64n - 1n);
  expect(servers[0].listener).toMatchObject({ mode: '0660' });
});

test('keys and comments are taken as they are written', () => {
  expect(problemsIn('units: [{id: 1, @{NAME}: 1}] # @{NO_SUCH}')).toEqual([
    expect.stringMatching(/^x:1:17: units\[0\]\.\$\{NAME\}: unknown key; expected one of id, /),
  ]);
});

test.each([
  [
    'units:\n- id: @{NO_SUCH}\n  name: @{OTHER_1}',
    [
      'x:2:7: units[0].id: found @{NO_SUCH}, but the environment has no NO_SUCH: set it, or give a default, as in @{NO_SUCH:-default}',
      'x:3:9: units[0].name: found @{OTHER_1}, but the environment has no OTHER_1: set it, or give a default, as in @{OTHER_1:-default}',
    ],
  ],
  ...['@{1X}', '@{}', '@{UNIT-1}', '@{ UNIT }'].map((written) => [
    `units: [{id: ${written}, name: nobody}]`,
    [
      `x:1:14: units[0].id: expected @{NAME} or @{NAME:-default}, found ${written}; write $${written} if that text is meant`,
    ],
  ]),
])('what cannot be replaced is a problem at its place: %j', (text, expected) => {
  expect(problemsIn(String(text))).toEqual([expected].flat().map(withVariables));
});

test.each(["name: '@{NAME', id: 1", 'id: 1, name: "@{NAME" ', 'id: 1, name: "no. @{NAME"'])(
  'one that is not closed ends at the quote: %s',
  (unit) => {
    const message = 'expected @{NAME} or @{NAME:-default}, found @{NAME; write $@{NAME if that text is meant';
    expect(problemsIn(`units: [{${unit}}]`)).toEqual([expect.stringContaining(withVariables(message))]);
  },
);

test('what YAML itself does not understand is quoted as it is written', () => {
  expect(problemsIn('units: *@{NAME}')).toEqual(
    ['x:1:8: found *@{NAME}, but no &@{NAME} before it'].map(withVariables),
  );
});

test('characters like those that stand for variables in between are taken as they are', () => {
  expect(firstUnit('units: [{id: @{UNIT}, name: "\ue000\uf000\uf000\ue001 \ue000"}]').name).toBe(
    '\ue000\uf000\uf000\ue001 \ue000',
  );
});

test('places behind a variable are those of the file', () => {
  expect(problemsIn('units: [{id: @{UNIT}, nmae: 1}]')[0]).toMatch(/^x:1:23: /);
});

test('more variables than fit one digit of their places are replaced, too', () => {
  const values = Array.from({ length: 5000 }, (_, i) => `@{${i % 2 === 0 ? 'UNIT' : 'NO_SUCH'}:-${i}}`);
  const unit = firstUnit(`units: [{id: 1, inputRegisters: [{start: 0, values: [${values.join(', ')}]}]}]`);
  expect(unit.inputRegisters.getRange(4996, 4)).toEqual([7, 4997, 7, 4999]);
});

describe('--config -', () => {
  const serve = (stdin: string, env = {}) =>
    busbar(['serve', '--check', '--config', '-'], { stdin: withVariables(stdin), env });

  test('reads the standard input', async () => {
    expect(await serve('units: [{id: @{UNIT}}]', { UNIT: '9' })).toMatchObject({
      code: 0,
      stdout: 'stdin: ok, 1 unit, 1 listener\n',
    });
  });

  test('reports problems in it', async () => {
    const { code, stderr } = await serve('units: [{id: 256}]');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'stdin:1:14: units[0].id: expected a whole number from 0 to 255, found 256\nbusbar: 1 problem in stdin\n',
    });
  });

  test('looks for other files in the current folder', async () => {
    using folder = folderWith({});
    const stdin = 'listen: [{type: tls, certFile: a.pem, keyFile: b.pem, caFile: c.pem}]\nunits: [{id: 1}]';
    const { stderr } = await busbar(['serve', '--check', '--config', '-'], { stdin, cwd: folder.path });
    expect(stderr).toContain('stdin:1:');
    expect(stderr).toContain('a.pem');
  });

  test('refuses what is empty, or no text', async () => {
    expect((await serve('')).stderr).toMatch(/^stdin:1:1: expected a map/);
    expect((await serve('\u0000\u0001'.repeat(100))).stderr).toMatch(/^stdin: expected UTF-8, found UTF-16/);
  });
});
