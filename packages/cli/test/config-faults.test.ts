import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../../interop/helpers/document.js';
import { problems, warnings } from './helpers/problems.js';

const LISTEN = 'listen: [{type: tcp, port: 5020, name: plant}, {type: tcp, port: 5021, framing: rtu}]\n';
/** One fault in line 3, in a flow map that begins in column 4. */
const fault = (keys: string) => `${LISTEN}units: [{id: 1}]\nfaults:\n- {name: x, ${keys}}\n`;

/** Faults as they are wrong, with what is said of them behind `x:4:COLUMN: faults[0]`. */
const WRONG: [string, string | RegExp][] = [
  ['delay: 200', 'delay: expected a duration with its unit, such as "200s" or "200ms", found 200'],
  ['delay: soon', /delay: expected a duration such as "200ms", or a range such as "200ms\.\.800ms", found "soon"/],
  ['exception: 0', 'exception: expected a whole number from 1 to 255, found 0'],
  ['exception: 6, for: 10', 'for: expected a duration with its unit, such as "10s" or "10ms", found 10'],
  ['exeption: 6', /exeption: unknown key; expected one of name, exception, .*; did you mean "exception"\?/],
  ['unit: 1', /expected a kind of fault \(exception, .*, refuse\), found none/],
  ['silence: false', 'silence: expected true, or no such key, found false'],
  ['garbage: FFF', /garbage: expected a number of bytes from 1 to 256, or pairs of hexadecimal digits/],
  ['split: {after: 0, pause: 1s}', 'split.after: expected a whole number from 1 to 1000, found 0'],
  ['exception: 6, probability: 0', 'probability: expected a number above 0, up to 1, found 0'],
  ['close: now', 'close: expected one of before, amid, after, found the text "now"'],
  ['exception: 6, table: coils, start: 1', 'expected start and count together'],
  ['exception: 6, peer: plant', /peer: expected an IP address or a network/],
  ['exception: 6, listener: 3', 'listener: expected the place of a listener from 1 to 2, found 3'],
  [
    'exception: 6, listener: plent',
    'listener: expected the name of a listener, found the text "plent", which none has; did you mean "plant"?',
  ],
  ['refuse: true, unit: 1', 'refuse is for connections, and does not go with unit'],
];

describe('a wrong fault', () => {
  test.each(WRONG)('is told with its place: %s', (keys, problem) => {
    const [first, ...more] = problems(fault(keys));
    expect(more).toEqual([]);
    expect(first).toMatch(/^x:4:\d+: faults\[0\]/);
    if (typeof problem === 'string') expect(first.endsWith(problem), first).toBe(true);
    else expect(first).toMatch(problem);
  });

  test('is told if another has its name', () => {
    const text = `${LISTEN}units: [{id: 1}]\nfaults:\n- {name: x, silence: true}\n- {name: x, stale: true}\n`;
    expect(problems(text)).toEqual(['x:5:10: faults[1].name: faults[0] has the name "x" already']);
  });
});

describe('a fault that may hit less than was meant is a warning:', () => {
  const UDP = 'listen: [{type: udp, port: 5020}, {type: serial, path: /dev/ttyS0}]\nunits: [{id: 1}]\n';
  test.each([
    [
      fault('badChecksum: true, listener: plant'),
      '4:26: faults[0].badChecksum: does nothing on the listener "plant": MBAP has no checksum',
    ],
    [
      fault('wrongTransaction: true, listener: 2'),
      '4:31: faults[0].wrongTransaction: does nothing on listener 2: RTU and ASCII have no transactions',
    ],
    [
      `${UDP}faults: [{name: x, refuse: true}]`,
      '3:28: faults[0].refuse: does nothing on any listener: serial lines and UDP have no connections',
    ],
    [
      fault('silence: true, functions: [3, 1], table: holdingRegisters'),
      '4:43: faults[0].functions[1]: hits nothing: function 1 uses no holding registers',
    ],
    [
      fault('exception: 11, unit: 9'),
      '4:34: faults[0].unit: no unit has the id 9; requests to it are hit all the same',
    ],
  ])('%s', (text, warning) => {
    expect(warnings(text)).toEqual([warning]);
  });

  test.each([
    'badChecksum: true',
    'wrongTransaction: true, listener: plant',
    'badChecksum: true, listener: 2',
    'refuse: true',
  ])('not so %s', (keys) => {
    expect(warnings(fault(keys))).toEqual([]);
  });
});

test('the configs of the documents are sound', () => {
  const configs = blocksOf('docs/faults.md').filter(({ language }) => language === 'yaml');
  expect(configs).toHaveLength(2);
  for (const { lines } of configs) expect([problems(lines.join('\n')), warnings(lines.join('\n'))]).toEqual([[], []]);
});

test('without listeners in the file, a fault may be of any that the command line has', () => {
  expect(problems('units: [{id: 1}]\nfaults: [{name: x, silence: true, listener: 2}]\n')).toEqual([]);
});
