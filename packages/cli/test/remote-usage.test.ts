import { describe, expect, test } from 'vitest';
import { UsageError } from '../src/ground/usage-error.js';
import { parseFault } from '../src/remote/faults.js';
import { parseNumber, parseSwitch, parseValue, valueText } from '../src/remote/values.js';
import { busbar } from './helpers/command.js';
import { parseInvocation } from './helpers/invocation.js';

const COMMANDS = ['get', 'set', 'watch', 'wait', 'fault'];

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('accepted');
}

const problem = (...argv: string[]) => problemOf(() => parseInvocation(argv));

describe('what is understood', () => {
  test.each([
    [['get'], { points: [], json: false }],
    [['get', 'flow', 'boiler.pump', '--json'], { points: ['flow', 'boiler.pump'], json: true }],
    [['get', '1', 'holding', '0x10'], { range: { unit: '1', table: 'holding', start: 16 }, count: 1 }],
    [
      ['get', 'boiler', 'input', '0', '10', '--type', 'float32', '--order=CDAB'],
      { range: { unit: 'boiler', table: 'input', start: 0 }, count: 10, type: 'float32', order: 'CDAB' },
    ],
    [['set', 'flow', '-5'], { point: 'flow', value: '-5' }],
    [['set', 'offset', '-.5'], { point: 'offset', value: '-.5' }],
    [['set', 'text', ''], { point: 'text', value: '' }],
    [['set', '1', 'coil', '3', 'on', 'off'], { range: { table: 'coils', start: 3, rest: ['on', 'off'] } }],
    [['watch', 'flow'], { points: ['flow'], json: false }],
    [['wait', 'flow', '--above', '-5', '--timeout', '2m'], { point: 'flow', until: { above: '-5' }, timeout: '2m' }],
    [
      ['wait', '1', 'holding', '0', '2', '--equals', '1,2'],
      { range: { start: 0 }, count: 2, until: { equals: '1,2' } },
    ],
    [['wait', 'flow', '--written'], { until: { written: true, changes: false } }],
    [['fault', 'list'], { action: 'list', what: '' }],
    [['fault', 'on', 'slow meter'], { action: 'on', what: 'slow meter' }],
  ])('%j', (argv, expected) => {
    expect(parseInvocation(argv)).toMatchObject({ command: argv[0], options: expected });
  });
});

describe('what is refused', () => {
  test.each([
    [['get', 'holding', 'coils'], 'an address is missing, such as in: holding coils 0'],
    [['get', '1', 'holding', 'x'], 'an address is a whole number up to 65535, such as 10 or 0x0A, not "x"'],
    [['get', '1', 'holding', '65536'], 'an address is a whole number up to 65535, such as 10 or 0x0A, not "65536"'],
    [
      ['get', '1', 'holding', '0', '-1'],
      'the number of values is a whole number up to 65536, such as 10 or 0x0A, not "-1"',
    ],
    [['get', '1', 'holding', '0', '1', '2'], 'unexpected "2" behind the number of values'],
    [['get', 'flow', '--type', 'int16'], '--type is for tables, such as busbar get 1 holding 0; a point has its type'],
    [['get', '1', 'holding', '0', '--type', 'int17'], /^--type takes int16, uint16, .*not "int17"; did you mean int1?/],
    [['get', '1', 'holding', '0', '--order', 'abcd'], /^--order takes ABCD, BADC, CDAB, DCBA, not "abcd"/],
    [['get', '--tokn', 'x'], 'unknown option --tokn; did you mean --token?'],
    [['set'], 'set needs a point and its value, such as busbar set setpoint 60'],
    [['set', 'flow'], 'set needs a point and its value, such as busbar set setpoint 60'],
    [['set', 'name', 'two', 'words'], 'unexpected "words": a value with spaces stands in quotes'],
    [['set', '1', 'holding', '0'], 'a value is missing behind the address'],
    [['wait'], 'wait needs a point, such as busbar wait setpoint --equals 40'],
    [['wait', 'a', 'b', '--written'], 'unexpected "b": wait waits for one point'],
    [['wait', 'a'], 'wait needs exactly one of --equals, --above, --below, --written, --changes; none is given'],
    [['wait', 'a', '--equals', '1', '--written'], /several are given$/],
    [['fault'], 'fault needs an action, such as busbar fault list'],
    [['fault', 'lst'], 'fault takes list, on, off, add, remove, not "lst"; did you mean list?'],
    [['fault', 'on'], 'fault on needs the name of a fault'],
    [['fault', 'add'], "fault add needs a fault, such as '{ name: busy, exception: 6 }'"],
    [['fault', 'list', 'busy'], 'unexpected "busy": fault list lists all'],
    [['fault', 'off', 'a', 'b'], 'unexpected "b": what has spaces stands in quotes'],
  ])('%j', (argv, message) => {
    if (typeof message === 'string') expect(problem(...argv)).toBe(message);
    else expect(problem(...argv)).toMatch(message);
  });
});

describe('a value', () => {
  const of = (type: string, labels?: Record<string, string>) => ({ name: 'p', type, ...(labels && { labels }) });

  test.each([
    [of('int16'), '-5', -5],
    [of('uint16'), '0x10', 16],
    [of('float32'), '1e-3', 0.001],
    [of('float32'), 'Infinity', 'Infinity'],
    [of('uint64'), '18446744073709551615', '18446744073709551615'],
    [of('bool'), 'On', true],
    [of('bool'), '0', false],
    [of('string'), ' 60 ', ' 60 '],
    [of('uint16', { 0: 'off', 1: 'auto' }), 'auto', 'auto'],
    [of('bits', { 0: 'hot' }), 'hot, bit 5', ['hot', 'bit 5']],
    [of('bits', { 0: 'hot' }), '', []],
    [of('raw'), '1,0xFF', [1, 255]],
  ])('of %j is read from %j', (point, text, value) => {
    expect(parseValue(text, point)).toEqual(value);
  });

  test.each([
    [() => parseNumber('', 'flow'), 'flow takes a number, such as 60, not ""'],
    [() => parseNumber('6O', '--above'), '--above takes a number, such as 60, not "6O"'],
    [() => parseSwitch('yes', 'pump'), 'pump takes on or off, not "yes"'],
    [() => parseValue('1,x', of('raw')), 'p takes a number, such as 60, not "x"'],
    [() => parseFault('busy'), "a fault is a map, such as '{ name: busy, exception: 6 }', not busy"],
    [() => parseFault('[busy]'), "a fault is a map, such as '{ name: busy, exception: 6 }', not [busy]"],
    [() => parseFault('{ name: '), /^this fault is not YAML: /],
  ])('that is none is refused', (act, message) => {
    if (typeof message === 'string') expect(problemOf(act)).toBe(message);
    else expect(problemOf(act)).toMatch(message);
  });

  test('is printed as it is read', () => {
    expect([true, 60.5, 'auto', ['hot', 'bit 5'], [1, 2], [true, false], []].map(valueText)).toEqual([
      ...['on', '60.5', 'auto', 'hot,bit 5', '1,2', 'on,off', ''],
    ]);
  });
});

test.each(COMMANDS)('%s explains itself, with examples and exit codes', async (command) => {
  const { code, stdout, stderr } = await busbar([command, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const part of [`Usage: busbar ${command}`, 'Examples:', 'Exit codes:', '--json', '--url URL', 'BUSBAR_TOKEN']) {
    expect(stdout).toContain(part);
  }
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
