import { describe, expect, test } from 'vitest';
import { ask, connected, exchange } from './helpers/client.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { problems } from './helpers/problems.js';
import { takenPort } from './helpers/taken-port.js';

const READ = '0300000001';

/** Two devices with the same id, on two ports. */
const TWINS = `listen:
  - { type: tcp, port: 0, units: [boiler, 3] }
  - { type: tcp, port: 0, units: [meter], framing: rtu }
units:
  - { id: 1, name: boiler, holdingRegisters: [{ start: 0, values: [1] }] }
  - { id: 1, name: meter, holdingRegisters: [{ start: 0, values: [2] }] }
  - { id: 3, holdingRegisters: [{ start: 0, values: [3] }] }
  - { id: 4, name: spare }
`;

describe('a listener with units', () => {
  test('serves these and no others, so that two devices with the same id have a port each', async () => {
    using folder = folderWith({ 'a.yaml': TWINS });
    const { serving, ports, before } = await Serving.start(['--config', 'a.yaml', '--log-level', 'debug'], folder.path);
    await using _ = serving;
    expect(await ask(ports[0], 1, READ)).toBe('03020001');
    expect(await ask(ports[0], 3, READ)).toBe('03020003');
    expect(await ask(ports[0], 4, READ)).toBe('830b');
    const line = await connected(ports[1]);
    expect(await exchange(line, `01${READ}840a`, 7)).toMatch(/^0103020002/);
    line.destroy();

    const listening = before.filter(({ event }) => event === 'listening');
    expect(listening).toMatchObject([
      { units: [{ id: 1, name: 'boiler' }, { id: 3 }] },
      { units: [{ id: 1, name: 'meter' }] },
    ]);
    expect(await serving.next('unserved')).toMatchObject({ level: 'warn', unit: 4, unitName: 'spare' });
    expect(await serving.next('request')).toMatchObject({ unit: 1, unitName: 'boiler' });
  });

  test('has the first of them as its default unit', async () => {
    using folder = folderWith({ 'a.yaml': TWINS.replace('[boiler, 3]', '[3, boiler]') });
    const { serving, ports } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    expect(await ask(ports[0], 255, READ)).toBe('03020003');
  });

  test('is told of by --check, with the units that nobody serves', async () => {
    using folder = folderWith({ 'a.yaml': TWINS });
    expect(await busbar(['serve', '--config', 'a.yaml', '--check'], { cwd: folder.path })).toEqual({
      code: 0,
      stdout: [
        'a.yaml: ok, 4 units, 2 listeners',
        '  tcp 127.0.0.1:0: unit 1 (boiler), unit 3',
        '  tcp 127.0.0.1:0: unit 1 (meter)',
        '  no listener serves unit 4 (spare)',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  const UNITS = 'units:\n- { id: 1, name: boiler }\n- { id: 1, name: meter }\n- { id: 3 }\n- { id: 3 }';

  test.each([
    ['[1]', 'x:1:42: listen[0].units[0]: units[0] and units[1] have the id 1: write "boiler" or "meter"'],
    ['[3]', 'x:1:42: listen[0].units[0]: units[2] and units[3] have the id 3: give each a name, and write that'],
    [
      '[boiler, meter]',
      'x:1:50: listen[0].units[1]: units[0] has the id 1 as well: one listener serves only one of them',
    ],
    ['[meter, meter]', 'x:1:49: listen[0].units[1]: units[1] is in the list already'],
    [
      '[bioler]',
      'x:1:42: listen[0].units[0]: expected the id or the name of a unit, found the text "bioler", which no unit has as ' +
        'its name; did you mean "boiler"?',
    ],
    ['[9]', 'x:1:42: listen[0].units[0]: expected the id or the name of a unit, found 9, which no unit has as its id'],
    [
      '[meter] }, { type: tcp, port: 503',
      'x:1:52: listen[1]: serves all units, but units[0] and units[1] have the same id: list in `units` those it serves',
    ],
    [
      '[true]',
      'x:1:42: listen[0].units[0]: expected a whole number from 0 to 255, or a text of at least 1 character, found true',
    ],
    [
      '[1.5]',
      'x:1:42: listen[0].units[0]: expected a whole number from 0 to 255, or a text of at least 1 character, found 1.5',
    ],
    [
      '[256]',
      'x:1:42: listen[0].units[0]: expected a whole number from 0 to 255, or a text of at least 1 character, found 256',
    ],
    [
      '[]',
      'x:1:41: listen[0].units: expected a list of at least 1, each a whole number from 0 to 255, or a text of at least ' +
        '1 character, found an empty list',
    ],
  ])('may not say %s', (units, problem) => {
    expect(problems(`listen: [{ type: tcp, port: 502, units: ${units} }]\n${UNITS}`)).toEqual([problem]);
  });

  test('may not name two units by the same name', () => {
    const text = 'listen: [{ type: tcp, port: 1, units: [a] }]\nunits: [{ id: 1, name: a }, { id: 2, name: a }]';
    expect(problems(text)).toEqual([
      'x:1:40: listen[0].units[0]: units[0] and units[1] have the name "a": give each a name of its own',
    ]);
  });
});

describe('listeners of the command line', () => {
  test('take the place of those of the config, so that a taken port can be moved', async () => {
    await using taken = await takenPort();
    const config = `listen: [{ type: tcp, port: ${taken.port} }]\nunits: [{ id: 1, holdingRegisters: [{ start: 0, count: 1 }] }]`;
    using folder = folderWith({ 'a.yaml': config });
    const args = ['--config', 'a.yaml', '--tcp', '127.0.0.1:0'];
    const { serving, ports } = await Serving.start(args, folder.path);
    await using _ = serving;
    expect(await serving.next('listenersReplaced')).toMatchObject({
      message: 'the command line has listeners, so 1 listener of a.yaml is left out',
      count: 1,
    });
    expect(await ask(ports[0], 1, READ)).toBe('03020000');
  });

  test('serve all units, and so are refused where two have the same id', async () => {
    using folder = folderWith({ 'a.yaml': TWINS });
    const { code, stderr } = await busbar(['serve', '--config', 'a.yaml', '--tcp', ':0'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^busbar: --tcp :0 serves all units, but the config has several with the id 1: .*\n/);
  });
});
