import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Certificates } from './helpers/certificates.js';
import { ask } from './helpers/client.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { problems, warnings } from './helpers/problems.js';

/** The keys of unit 1 in one flow map, which begins in column 4 of line 2. */
const unit = (keys: string) => `units:\n- {id: 1, ${keys}}\n`;
const REGISTERS = 'holdingRegisters: [{start: 0, count: 10}, {start: 20, count: 10}]';

describe('a block that begins at a reference of manuals', () => {
  test.each([
    ['holdingRegisters: [{start: 40001, count: 1}]', '2:38: units[0].holdingRegisters[0].start', 40001, 0],
    ['holdingRegisters: [{start: 49999, count: 1}]', '2:38: units[0].holdingRegisters[0].start', 49999, 9998],
    ['inputRegisters: [{start: 30011, count: 1}]', '2:36: units[0].inputRegisters[0].start', 30011, 10],
    ['discreteInputs: [{start: 10001, values: [true]}]', '2:36: units[0].discreteInputs[0].start', 10001, 0],
  ])('is told with what to write: %s', (table, place, start, address) => {
    expect(warnings(unit(table))).toEqual([
      `${place}: ${start} looks like a reference of manuals, that of address ${address}: write ${address}; ` +
        `if address ${start} is meant, write ${start}, and firstAddress: 0 in the unit`,
    ]);
  });

  test('is told in the numbers of the unit', () => {
    expect(warnings(unit('firstAddress: 1, holdingRegisters: [{start: 40001, count: 1}]'))).toEqual([
      '2:55: units[0].holdingRegisters[0].start: 40001 looks like a reference of manuals, that of address 0: write 1; ' +
        'if address 40000 is meant, write 40000, and firstAddress: 0 in the unit',
    ]);
  });

  test.each([
    'firstAddress: 0, holdingRegisters: [{start: 40001, count: 1}]',
    'holdingRegisters: [{start: 40000, count: 100}]',
    'holdingRegisters: [{start: 30001, count: 1}], inputRegisters: [{start: 40001, count: 1}]',
    'coils: [{start: 10001, count: 1}, {start: 40001, count: 1}]',
  ])('is no such block: %s', (table) => {
    expect(warnings(unit(table))).toEqual([]);
  });

  test('with six digits is an error that says the address', () => {
    expect(problems(unit('holdingRegisters: [{start: 400011, count: 1}]'))).toEqual([
      'x:2:38: units[0].holdingRegisters[0].start: expected a whole number from 0 to 65535, found 400011; ' +
        '400011 is a reference as manuals have it: write 10',
    ]);
    expect(problems(unit('firstAddress: 1, inputRegisters: [{start: 300011, count: 1}]'))).toEqual([
      expect.stringMatching(/expected a whole number from 1 to 65536, found 300011; .*: write 11$/),
    ]);
    const rule = 'access: {readOnly: [{table: holdingRegisters, start: 400011, count: 1}]}';
    expect(problems(unit(`firstAddress: 1, ${rule}`))).toEqual([expect.stringMatching(/: write 10$/)]);
  });
});

describe('a rule that protects nothing is an error', () => {
  test.each([
    [
      'readOnly: [{table: holdingRegisters, start: 10, count: 10}]',
      'x:2:98: units[0].access.readOnly[0]: protects nothing: holding registers 10..19 (40011..40020) do not exist',
    ],
    [
      'readOnly: [{table: coils, start: 3, count: 1}]',
      'x:2:98: units[0].access.readOnly[0]: protects nothing: coil 3 (00004) does not exist',
    ],
    [
      'limits: [{table: holdingRegisters, start: 40011, count: 5, min: 1}]',
      'x:2:96: units[0].access.limits[0]: protects nothing: holding registers 40011..40015 (440012..440016) do not exist; 40011 is a reference as manuals have it: write 10',
    ],
  ])('%s', (access, expected) => {
    expect(problems(unit(`${REGISTERS}, access: {${access}}`))).toEqual([expected]);
  });

  test('counted from 0, whatever the blocks are numbered from', () => {
    const access = 'access: {readOnly: [{table: holdingRegisters, start: 10, count: 1}]}';
    expect(problems(unit(`firstAddress: 1, holdingRegisters: [{start: 1, count: 11}], ${access}`))).toEqual([]);
    expect(problems(unit(`firstAddress: 1, holdingRegisters: [{start: 1, count: 10}], ${access}`))).toHaveLength(1);
  });

  test('and is reported beside what is wrong elsewhere', () => {
    const text = `${unit('access: {readOnly: [{table: coils, start: 3, count: 1}]}')}- {id: 2, nmae: x}\n`;
    expect(problems(text)).toEqual([
      expect.stringContaining('units[0].access.readOnly[0]: protects nothing'),
      expect.stringContaining('units[1].nmae: unknown key'),
    ]);
  });
});

describe('a rule that reaches too far is told', () => {
  test.each([
    ['start: 5, count: 20', []],
    ['start: 0, count: 65536', []],
    ['start: 5, count: 15', ['holding registers 10..19 (40011..40020) do not exist']],
    ['start: 19, count: 2', ['holding register 19 (40020) does not exist']],
    [
      'start: 15, count: 20',
      ['holding registers 15..19 (40016..40020) do not exist', 'holding registers 30..34 (40031..40035) do not exist'],
    ],
  ])('%s', (range, missing) => {
    const access = `access: {readOnly: [{table: holdingRegisters, ${range}}]}`;
    expect(warnings(unit(`${REGISTERS}, ${access}`))).toEqual(
      missing.map((text) => `2:98: units[0].access.readOnly[0]: reaches too far: ${text}`),
    );
  });
});

describe('a value outside of its own limits is refused at its place', () => {
  const limited = (blocks: string, ...limits: string[]) => {
    const rules = limits.map((limit) => `{table: holdingRegisters, ${limit}}`).join(', ');
    return unit(`holdingRegisters: [${blocks}], access: {limits: [${rules}]}`);
  };
  const BEGINS = (value: number, rule = 0) =>
    `begins as ${value}, but units[0].access.limits[${rule}] lets clients write only`;

  test.each([
    ['{start: 0, values: [5, 900]}', 'start: 1, count: 1, min: 300, max: 800', '2:53', 'values[1]', 900, '300 to 800'],
    ['{start: 0, values: [5, 6]}', 'start: 0, count: 2, enum: [5]', '2:53', 'values[1]', 6, '5'],
    ['{start: 0, count: 5, value: 7}', 'start: 4, count: 1, max: 6', '2:58', 'value', 7, 'at most 6'],
    ['{start: 0, values: [0xff00]}', 'start: 0, count: 1, min: -5', '2:50', 'values[0]', 65280, 'at least -5'],
  ])('%s, %s', (block, limit, place, key, value, allowed) => {
    expect(problems(limited(block, limit))).toEqual([
      `x:${place}: units[0].holdingRegisters[0].${key}: ${BEGINS(value)} ${allowed}`,
    ]);
  });

  test('zeros that nobody has written down included', () => {
    expect(problems(limited('{start: 0, count: 5}', 'start: 2, count: 2, min: 1'))).toEqual([
      `x:2:30: units[0].holdingRegisters[0]: ${BEGINS(0)} at least 1`,
    ]);
  });

  test('once for each list and limit', () => {
    expect(
      problems(limited('{start: 0, values: [5, 6, 7, 8]}', 'start: 0, count: 3, max: 4', 'start: 3, count: 1, min: 9')),
    ).toEqual([
      `x:2:50: units[0].holdingRegisters[0].values[0]: ${BEGINS(5)} at most 4 (and 2 more like it in this list)`,
      `x:2:59: units[0].holdingRegisters[0].values[3]: ${BEGINS(8, 1)} at least 9`,
    ]);
  });

  test.each([
    ['{start: 0, values: [300, 800]}', 'start: 0, count: 2, min: 300, max: 800'],
    ['{start: 0, values: [0xfffe]}', 'start: 0, count: 1, min: -5'],
    ['{start: 5, values: [1, 2]}', 'start: 0, count: 6, max: 1'],
  ])('and none that is within them: %s, %s', (block, limit) => {
    expect(problems(limited(block, limit))).toEqual([]);
  });
});

describe('a role that allows nothing is told', () => {
  const folder = folderWith({});
  new Certificates(folder.path);
  afterAll(() => folder[Symbol.dispose]());
  const file = (name: string) => join(folder.path, name);

  /** A TLS listener with one rule, for two units. The rule begins in column 14 of line 7. */
  const ruled = (rule: string, more = '') => `listen:
  - type: tls
    port: 0
    certFile: ${file('server.pem')}
    keyFile: ${file('server.key')}
    caFile: ${file('ca.pem')}
    roles: [ { role: a, ${rule} } ]${more}
units:
  - { id: 1, holdingRegisters: [{ start: 0, count: 10 }] }
  - { id: 2, name: two, holdingRegisters: [{ start: 20, count: 10 }], coils: [{ start: 0, count: 1 }] }
`;
  const RANGE = 'listen[0].roles[0].ranges[0]';

  test.each([
    ['units: [1, 5]', '7:36: listen[0].roles[0].units[1]: allows nothing: no unit has the id 5'],
    [
      'units: [255]',
      '7:33: listen[0].roles[0].units[0]: allows nothing: no unit has the id 255; requests to unit id 255 go to the default unit of the listener: write its id',
    ],
    [
      'ranges: [{ table: holdingRegisters, start: 40001, count: 5 }]',
      `7:34: ${RANGE}: allows nothing: holding registers 40001..40005 (440002..440006) do not exist; 40001 is a reference as manuals have it: write 0`,
    ],
    [
      'units: [1], ranges: [{ table: coils, start: 0, count: 1 }]',
      `7:46: ${RANGE}: allows nothing: coil 0 (00001) does not exist`,
    ],
    [
      'functions: [3, "2B/0E"], ranges: [{ table: holdingRegisters, start: 0, count: 1 }]',
      '7:40: listen[0].roles[0].functions[1]: allows nothing: function 2B/0E uses none of the tables in `ranges`',
    ],
  ])('as a problem, if it can do so nowhere: %s', (rule, expected) => {
    expect(problems(ruled(rule))).toEqual([`x:${expected}`]);
  });

  test('but not beside a unit that is wrong, which it may be about', () => {
    expect(problems(`${ruled('units: [1, 5]')}  - { id: 5, nmae: x }`)).toEqual([
      expect.stringContaining('units[2].nmae: unknown key'),
    ]);
  });

  test('as a warning, if it reaches too far', () => {
    expect(warnings(ruled('ranges: [{ table: holdingRegisters, start: 5, count: 30 }]'))).toEqual([
      `7:34: ${RANGE}: reaches too far: holding registers 30..34 (40031..40035) do not exist`,
    ]);
  });

  test('as a warning, if another listener could serve what it is about', () => {
    expect(warnings(ruled('units: [1]', '\n    units: [two]\n  - { type: tcp, port: 0 }'))).toEqual([
      '7:33: listen[0].roles[0].units[0]: this listener serves no unit 1, but 2',
    ]);
    const coil = 'ranges: [{ table: coils, start: 0, count: 1 }]';
    expect(warnings(ruled(coil, '\n    units: [1]\n  - { type: tcp, port: 0 }'))).toEqual([
      `7:34: ${RANGE}: allows nothing: coil 0 (00001) does not exist`,
    ]);
  });

  test.each(['units: [1, 2]', 'ranges: [{ table: holdingRegisters, start: 9, count: 12 }]', 'functions: [3]'])(
    'and one that allows something is not: %s',
    (rule) => {
      expect(warnings(ruled(rule))).toEqual([]);
    },
  );
});

describe('rules and exception status with firstAddress', () => {
  test('the blocks of the file are numbered from 1, and served from 0', async () => {
    const text = `listen: [{type: tcp, port: 0}]
units:
  - id: 1
    firstAddress: 1
    holdingRegisters: [{ start: 1, values: [10, 11] }]
    inputRegisters: [{ start: 65536, count: 1 }]
`;
    using folder = folderWith({ 'a.yaml': text });
    const { serving, ports } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    expect(await ask(ports[0], 1, '0300000002')).toBe('0304000a000b');
    expect(await ask(ports[0], 1, '0300020001')).toBe('8302');
    expect(await ask(ports[0], 1, '04ffff0001')).toBe('04020000');
  });

  test.each([
    [
      'firstAddress: 1, coils: [{start: 0, count: 1}]',
      'x:2:44: units[0].coils[0].start: expected a whole number from 1 to 65536, found 0',
    ],
    [
      'firstAddress: 0, coils: [{start: 65536, count: 1}]',
      'x:2:44: units[0].coils[0].start: expected a whole number from 0 to 65535, found 65536',
    ],
    [
      'firstAddress: 1, coils: [{start: 65530, count: 9}]',
      'x:2:58: units[0].coils[0].count: expected an integer from 1 to 7, found 9',
    ],
    ['firstAddress: 2', 'x:2:25: units[0].firstAddress: expected one of 0, 1, found 2'],
    [
      'firstAddress: 1, coils: [{start: 1, count: 15}], exceptionStatus: {coils: 8}',
      'x:2:85: units[0].exceptionStatus.coils: coils 8..15 are not all in memory',
    ],
  ])('%s', (keys, expected) => {
    expect(problems(unit(keys))).toEqual([expected]);
  });

  test.each([
    'firstAddress: 1, coils: [{start: 1, count: 16}], exceptionStatus: {coils: 8}',
    'coils: [{start: 12, count: 4}, {start: 8, count: 4}], exceptionStatus: {coils: 8}',
  ])('%s is fine', (keys) => {
    expect(problems(unit(keys))).toEqual([]);
  });
});

describe('warnings', () => {
  const TEXT = `listen: [{type: tcp, port: 0}]
units:
  - id: 1
    holdingRegisters: [{ start: 40001, count: 1 }]
`;
  const WARNING = 'units[0].holdingRegisters[0].start: 40001 looks like a reference of manuals';

  test('are printed by --check, which takes the config', async () => {
    using folder = folderWith({ 'a.yaml': TEXT });
    const checked = await busbar(['serve', '--config', 'a.yaml', '--check'], { cwd: folder.path });
    expect(checked).toMatchObject({ code: 0, stdout: 'a.yaml: ok, 1 unit, 1 listener, 1 warning\n' });
    expect(checked.stderr).toContain(`a.yaml:4:33: warning: ${WARNING}`);
  });

  test('are logged when the device is served', async () => {
    using folder = folderWith({ 'a.yaml': TEXT });
    const { serving } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    expect(await serving.next('config')).toMatchObject({
      level: 'warn',
      message: expect.stringContaining(`a.yaml:4:33: ${WARNING}`),
      line: 4,
      column: 33,
      key: 'units[0].holdingRegisters[0].start',
    });
  });

  const examples = new URL('../../../examples/', import.meta.url);
  test.each(['boiler.yaml', 'listeners.yaml'])('are not made of examples/%s', (name) => {
    expect(warnings(readFileSync(new URL(name, examples), 'utf8'))).toEqual([]);
  });
});
