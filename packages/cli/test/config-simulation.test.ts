import { Simulator } from 'busbar-simulator';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { ask } from './helpers/client.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { problems } from './helpers/problems.js';

/** A config whose unit has these keys, the first on line 4. */
function config(...keys: string[]): string {
  return `units:\n- id: 1\n  name: boiler\n${keys.map((key) => `  ${key}\n`).join('')}`;
}

const POINTS = 'points: { flow: { at: input 0, type: int16 }, pump: { at: coil 0 } }';
const point = (simulate: string) => config(`points: { flow: { at: input 0, simulate: ${simulate} } }`);
const PLACE = 'units[0].points.flow.simulate';

describe('the simulation of a config', () => {
  test('moves points, reacts, and runs scenarios, by the seed and in the time of the config', () => {
    const text = `simulation: { seed: 3, tick: 1s }
units:
- id: 1
  points:
    level: { at: input 0, simulate: { ramp: { from: 0, to: 100, period: 100s } } }
    noise: { at: input 1, simulate: { random: { from: 0, to: 1000 } } }
    full: { at: discrete 0 }
    done: { at: discrete 1 }
  when: [{ point: level, above: 89, set: { full: true }, run: empty }]
  scenarios: { empty: [{ after: 2s, set: { done: true } }] }
- id: 2
  name: other
  points: { twice: { at: input 0, simulate: { formula: unit1.level * 2 } } }
`;
    const run = () => {
      const { lives, simulation, units } = parseConfig(text, 'x');
      const simulator = new Simulator(simulation);
      simulator.replace(lives);
      simulator.advance('90s');
      const { level, noise, full, done } = units[0].points;
      const values = [level, full, done, units[1].points.twice].map(({ value }) => value);
      simulator.advance('2s');
      return { values, noise: noise.value, done: done.value };
    };
    expect(run()).toMatchObject({ values: [90, true, false, 180], done: true });
    expect(run()).toEqual(run());
  });

  test('is that of the command, too: points move, and the banner says so', async () => {
    const text = config('points: { now: { at: input 0, type: uint32, simulate: { count: { every: 10ms } } } }');
    using folder = folderWith({ 'a.yaml': `simulation: { tick: 10ms }\n${text}` });
    await using serving = Serving.pretty(['--config', 'a.yaml', '--tcp', '127.0.0.1:0'], folder.path);
    expect(await serving.textUntil('Ctrl-C')).toMatch(/now {2}input 0 \(30001\) {2}uint32 {2}\d+ {2,}counts\n/);
  });
});

test('scenarios, reactions and failures are in the log of the command', async () => {
  const text = config(
    'points: { a: { at: coil 0, simulate: { toggle: { every: 100ms } } }, b: { at: input 0 } }',
    'when: [{ point: a, is: true, set: { b: { formula: 1 / b } }, run: soon }]',
    'scenarios: { soon: [{ set: { b: 0 } }] }',
  );
  using folder = folderWith({ 'a.yaml': text });
  const args = ['--config', 'a.yaml', '--tcp', '127.0.0.1:0', '--log-level', 'debug'];
  const { serving, before } = await Serving.start(args, folder.path);
  await using _ = serving;
  const entries = [...before, ...(await serving.until('scenario'))];
  expect(entries).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ level: 'debug', event: 'reaction', message: 'reaction 1 of unit 1 (boiler), to a' }),
      expect.objectContaining({
        level: 'error',
        event: 'simulation',
        message: expect.stringContaining('found Infinity'),
      }),
      expect.objectContaining({
        level: 'info',
        event: 'scenario',
        message: 'scenario "soon" of unit 1 (boiler): started',
      }),
    ]),
  );
});

describe('what is wrong with a simulation', () => {
  test.each([
    [
      point('{ sine: { from: 1, to: 2 } }'),
      /^x:4:52: .*simulate\.sine: expected the key "period" \(a text such as "5m"\), found none$/,
    ],
    [
      point('{ sine: { from: 1, to: 2, period: 5 } }'),
      `x:4:78: ${PLACE}.sine.period: expected a duration with its unit, such as "5s" or "5ms", found 5`,
    ],
    [
      point('{ sine: { from: 1, to: 2, period: 5 min } }'),
      `x:4:78: ${PLACE}.sine.period: expected a duration such as "250ms", "1.5s", "5m", "2h" or "1d", found "5 min"`,
    ],
    [
      point('{ sine: { from: 1, to: 2, period: 0s } }'),
      `x:4:78: ${PLACE}.sine.period: expected a duration above zero, found none`,
    ],
    [
      point('{ sine: { form: 1, from: 1, to: 2, period: 5s } }'),
      `x:4:54: ${PLACE}.sine.form: unknown key; expected one of from, to, period, phase; did you mean "from"?`,
    ],
    [
      point('{ sin: { from: 1, to: 2, period: 5s } }'),
      /^x:4:46: .*simulate\.sin: unknown key; expected one of constant, .*; did you mean "sine"\?$/,
    ],
    [
      config(POINTS, 'when: [{ point: flow, above: 5, sett: { pump: true } }]'),
      /^x:5:35: units\[0\]\.when\[0\]\.sett: unknown key; .*; did you mean "set"\?$/,
    ],
    [
      config(POINTS, 'scenarios: [{ at: 5s }]'),
      'x:5:14: units[0].scenarios: expected a map of scenarios by their names, found a list of 1',
    ],
    [point('{ noise: 1 }'), /simulate: expected exactly one kind of behaviour \(constant, .*\), found none$/],
    [
      point('{ clock: unix, constant: 1 }'),
      /simulate: expected exactly one kind of behaviour \(constant, .*\), found constant and clock$/,
    ],
    [
      point('{ clock: unixx }'),
      /simulate\.clock: expected one of unix, .*, found the text "unixx"; did you mean "unix"\?$/,
    ],
    [
      point('{ follow: { point: setpoint } }'),
      `x:4:63: ${PLACE}.follow.point: boiler has no point "setpoint"; its points are flow`,
    ],
    [point('{ formula: 2 * } '), /simulate\.formula: expected a formula, found a mistake: /],
    [point('{ replay: { file: day.csv } }'), /^x:4:62: .*simulate\.replay\.file: there is no file .*day\.csv$/],
    [
      config(POINTS, 'when: [{ point: flow, set: { pump: true } }]'),
      'x:5:10: units[0].when[0]: expected a condition: written, changes, is, above or below',
    ],
    [
      config(POINTS, 'when: [{ point: flow, above: 5, set: { pmup: true } }]'),
      'x:5:48: units[0].when[0].set.pmup: boiler has no point "pmup"; its points are flow, pump',
    ],
    [
      config(POINTS, 'when: [{ point: flow, above: 5, run: drill }]'),
      'x:5:40: units[0].when[0].run: there is no scenario "drill"; the unit has none',
    ],
    [
      config(POINTS, 'scenarios: { drill: [{ at: 5, set: { pump: true } }] }'),
      /^x:5:30: units\[0\]\.scenarios\.drill\[0\]\.at: expected a duration .*, found "?5"?$/,
    ],
    [`simulation: { speed: 0 }\n${config()}`, /^x:1:22: simulation\.speed: expected .*, found 0$/],
    [`simulation: { tick: 1ms }\n${config()}`, 'x:1:21: simulation.tick: expected 10ms to 1h, found "1ms"'],
    [`simulation: { seed: a }\n${config()}`, 'x:1:21: simulation.seed: expected a whole number, found the text "a"'],
  ])('is said with its place, and once: %s', (text, expected) => {
    expect(problems(text)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
  });

  test('in one unit does not hide what is wrong in another', () => {
    const other = '- { id: 2, points: { a: { at: input 0, simulate: { formula: b + 1 } } } }\n';
    expect(problems(`${point('{ sine: 5 }')}${other}`)).toEqual([
      expect.stringMatching(/^x:4:\d+: units\[0\]\.points\.flow\.simulate\.sine: expected a map with from, /),
      expect.stringMatching(/^x:5:\d+: units\[1\]\.points\.a\.simulate\.formula: .*no point "b"/),
    ]);
  });

  test('is not looked for where a unit cannot be made: others may name its points', () => {
    const broken = '- { id: 2, name: other, points: { b: { at: nowhere 0 } } }\n';
    expect(problems(`${point('{ formula: other.b }')}${broken}`)).toEqual([expect.stringMatching(/points\.b\.at: /)]);
  });
});

describe('a script', () => {
  const text = config(POINTS, 'script: tank.mjs');
  const check = async (files: Record<string, string>) => {
    using folder = folderWith({ 'a.yaml': text, ...files });
    return await busbar(['serve', '--config', 'a.yaml', '--check'], { cwd: folder.path });
  };

  test('is imported, and gets the device', async () => {
    const script = 'export default { start({ points }) { points.flow.value = 42; } };';
    using folder = folderWith({ 'a.yaml': text, 'tank.mjs': script });
    await using serving = Serving.pretty(['--config', 'a.yaml', '--tcp', '127.0.0.1:0'], folder.path);
    expect(await serving.textUntil('Ctrl-C')).toMatch(/flow {2}input 0 \(30001\) {2}int16 {2}42\n/);
  });

  test('that fails is reported with its place, be it in a timer or a promise, and the device goes on', async () => {
    const script = `export default {
      start() {
        setImmediate(() => undefined.x);
        Promise.reject(new Error('rejected'));
        Promise.reject(7);
      },
      tick: () => { throw new Error('no tank') },
    };`;
    using folder = folderWith({ 'a.yaml': text, 'tank.mjs': script });
    const { serving, ports, before } = await Serving.start(['--config', 'a.yaml', '--tcp', '127.0.0.1:0'], folder.path);
    await using _ = serving;
    const failures = [...before, ...(await serving.until('simulation'))];
    const messages = failures.map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(/^tank\.mjs:3:38: TypeError: Cannot read/));
    expect(messages).toContain('tank.mjs:4:24: rejected');
    expect(messages).toContainEqual(expect.stringContaining('"7"'));
    expect(messages).toContain('boiler: script, tick: no tank (tank.mjs:7:27)');
    expect(await ask(ports[0], 1, '0400000001')).toBe('04020000');
  });

  test.each([
    [{}, 'there is no such file'],
    [{ 'tank.mjs': 'export default 5;' }, 'expected an object with the functions start, tick, written, found 5'],
    [
      { 'tank.mjs': 'export default { stop() {} };' },
      'expected the functions start, tick, written, found stop: function',
    ],
    [{ 'tank.mjs': '\nthrow new Error("no tank");' }, 'tank.mjs:2:7: no tank'],
    [{ 'tank.mjs': '\n\nconst = 3;' }, "tank.mjs:3: SyntaxError: Unexpected token '='"],
  ])('that is none is refused: %j', async (files, message) => {
    const { code, stdout, stderr } = await check(files);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^a\.yaml:5:11: units\[0\]\.script: /);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/busbar: 1 problem in a\.yaml\n$/);
  });
});
