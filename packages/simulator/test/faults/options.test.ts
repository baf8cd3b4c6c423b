import { OptionsError } from 'busbar';
import { checkFaults, type FaultOptions, Faults } from 'busbar-simulator';
import { expect, test } from 'vitest';

const ok = { name: 'x', exception: 6 };

/** All problems, as `path: problem`. */
function problems(...list: readonly object[]): string[] {
  try {
    checkFaults(list as FaultOptions[], ['faults']);
    return [];
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    return error.problems.map(({ path, problem }) => `${path.slice(2).join('.')}: ${problem}`);
  }
}

const WRONG: [object, string[]][] = [
  [{ exception: 6 }, ['name: expected a text, found none']],
  [{ name: '', exception: 6 }, ['name: expected a text that is not empty, found ""']],
  [
    { name: 'x' },
    [
      ': expected a kind of fault (exception, wrongFunction, wrongUnit, wrongTransaction, stale, badChecksum, truncate, ' +
        'extra, garbage, delay, silence, split, duplicate, close, refuse), found none',
    ],
  ],
  [{ ...ok, exception: 0 }, ['exception: expected at least 1, found 0']],
  [{ ...ok, exception: 256 }, ['exception: expected at most 255, found 256']],
  [{ ...ok, exception: '6' }, ['exception: expected a number, found "6"']],
  [{ ...ok, unit: 256 }, ['unit: expected at most 255, found 256']],
  [{ ...ok, unit: 'meter' }, ['unit: expected a unit id from 0 to 255, or a list of them']],
  [{ ...ok, unit: [] }, ['unit: expected at least one, found an empty list']],
  [
    { ...ok, functions: [0, 128] },
    ['functions.0: expected at least 1, found 0', 'functions.1: expected at most 127, found 128'],
  ],
  [
    { ...ok, table: 'holding' },
    ['table: expected one of "coils", "discreteInputs", "holdingRegisters", "inputRegisters", found "holding"'],
  ],
  [{ ...ok, table: 'coils', start: 3 }, [': expected start and count together']],
  [{ ...ok, start: 3, count: 1 }, [': expected the table that start and count are of']],
  [{ ...ok, table: 'coils', start: 65535, count: 2 }, [': expected a count up to 1 from start on, found 2']],
  [{ ...ok, peer: 'plant' }, ['peer: expected an IP address or a network such as 192.168.1.0/24, found "plant"']],
  [{ ...ok, listener: 0 }, ['listener: expected at least 1, found 0']],
  [{ ...ok, probability: 0 }, ['probability: expected more than 0, found 0']],
  [{ ...ok, probability: 1.1 }, ['probability: expected at most 1, found 1.1']],
  [{ ...ok, every: 0 }, ['every: expected at least 1, found 0']],
  [{ ...ok, times: 1.5 }, ['times: expected a whole number, found 1.5']],
  [{ ...ok, for: 10 }, ['for: expected a duration with its unit, such as "10s" or "10ms", found 10']],
  [{ ...ok, active: 'no' }, ['active: expected true or false, found "no"']],
  [{ ...ok, delay: 200 }, ['delay: expected a duration with its unit, such as "200s" or "200ms", found 200']],
  [
    { ...ok, delay: '200' },
    ['delay: expected a duration such as "200ms", or a range such as "200ms..800ms", found "200"'],
  ],
  [{ ...ok, delay: '8s..2s' }, ['delay: expected the shorter duration first, found "8s..2s"']],
  [{ ...ok, delay: '25d' }, ['delay: expected at most 24 days, found "25d"']],
  [{ ...ok, silence: false }, ['silence: expected true, or no such key, found false']],
  [{ ...ok, wrongUnit: 256 }, ['wrongUnit: expected true, or a whole number from 0 to 255, found 256']],
  [
    { ...ok, wrongTransaction: false },
    ['wrongTransaction: expected true, or a whole number from 0 to 65535, found false'],
  ],
  [{ ...ok, wrongFunction: 0 }, ['wrongFunction: expected true, or a whole number from 1 to 255, found 0']],
  [{ ...ok, truncate: 0 }, ['truncate: expected at least 1, found 0']],
  [
    { ...ok, extra: 'FFF' },
    ['extra: expected a number of bytes from 1 to 256, or pairs of hexadecimal digits such as "FF 00", found "FFF"'],
  ],
  [
    { ...ok, garbage: 257 },
    ['garbage: expected a number of bytes from 1 to 256, or pairs of hexadecimal digits such as "FF 00", found 257'],
  ],
  [{ ...ok, split: 50 }, ['split: expected a duration such as "50ms", or { after: 3, pause: 50ms }, found 50']],
  [{ ...ok, split: { after: 0, pause: '1s' } }, ['split.after: expected at least 1, found 0']],
  [{ ...ok, close: 'now' }, ['close: expected one of "before", "amid", "after", found "now"']],
  [{ name: 'x', refuse: true, delay: '1s' }, [': refuse is for connections, and does not go with delay']],
  [{ name: 'x', refuse: true, unit: 1 }, [': refuse is for connections, and does not go with unit']],
];

test.each(WRONG)('%o is refused', (fault, expected) => {
  expect(problems(fault)).toEqual(expected);
});

test('all problems of all faults are told at once, unknown keys by their names, names that are taken, too', () => {
  const found = problems({ ...ok, delays: '1s' }, { name: 'x', every: 0, silence: true }, ok);
  expect(found).toEqual([
    expect.stringMatching(/^delays: unknown key; known are name, exception, .*, delay, .*, active$/),
    'every: expected at least 1, found 0',
    'name: expected a name of its own, found that of fault 1: "x"',
    'name: expected a name of its own, found that of fault 1: "x"',
  ]);
});

test.each([undefined, null, 'busy', [null], [7]])('%o is no list of faults', (list) => {
  expect(() => checkFaults(list as never)).toThrow(OptionsError);
  if (list !== undefined) expect(() => new Faults(list as never)).toThrow(OptionsError);
});

test('the example of the documents is right', () => {
  const list: FaultOptions[] = [
    { name: 'slow meter', unit: 2, delay: '200ms..800ms', probability: 0.3 },
    { name: 'busy', functions: [6, 16], exception: 6, for: '10s', active: false },
    { name: 'bad line', listener: 1, badChecksum: true, every: 20 },
    { name: 'cut', table: 'holdingRegisters', start: 0, count: 10, truncate: 3, times: 5 },
  ];
  expect(problems(...list)).toEqual([]);
  expect(new Faults(list).list.map(({ name, active }) => [name, active])).toEqual([
    ['slow meter', true],
    ['busy', false],
    ['bad line', true],
    ['cut', true],
  ]);
});
