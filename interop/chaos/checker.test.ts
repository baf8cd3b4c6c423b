import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Beat, problemsOfBeats } from './beats.js';
import { type Operation, problemsOf, stretchesOf } from './history.js';

/** `w1 A 0-5`: value 1 is written through server A from 0 to 5 ms; `r1 …` is read; `-?` has no reply. */
function history(...lines: string[]): Operation[] {
  return lines.map((line) => {
    const [, kind, value, server, start, end] = /^([wr])(\d+) (\w) (\d+)-(\d+|\?)$/.exec(line) ?? [];
    return {
      cell: 'cell',
      kind: kind === 'w' ? 'write' : 'read',
      value: Number(value),
      server,
      start: Number(start),
      end: end === '?' ? Infinity : Number(end),
    };
  });
}

const GOOD: [string, string[]][] = [
  ['one after the other', ['w1 A 0-1', 'r1 B 2-3', 'w2 B 4-5', 'r2 A 6-7']],
  ['a read of what it holds at first', ['r0 A 0-1', 'w1 A 2-3', 'r1 A 4-5']],
  ['a read during a write that sees it, and one that does not', ['w1 A 0-10', 'r0 B 1-2', 'r1 B 3-4']],
  ['two writes at once, in either order', ['w1 A 0-10', 'w2 B 0-10', 'r2 A 11-12', 'r2 B 11-12']],
  ['a write without a reply that has happened', ['w1 A 0-?', 'r0 A 5-6', 'r1 A 90-91']],
  ['a write without a reply that never happened', ['w1 A 0-1', 'w2 A 2-?', 'r1 B 50-51']],
];

/** Wrong if reads are to be the latest; the second list has those that are wrong even if they need not be. */
const STALE: [string, string[]][] = [
  ['a read of the old value on another server', ['w1 A 0-1', 'r0 B 2-3', 'r1 B 4-5']],
  ['a read of the old value while another has seen the new one', ['w1 A 0-20', 'r1 A 1-2', 'r0 B 3-4', 'r1 B 30-31']],
  ['an old value in the midst of two', ['w1 A 0-1', 'w2 A 2-3', 'w3 A 10-11', 'r1 B 4-5', 'r3 B 12-13']],
];

const BAD: [string, string[]][] = [
  ['a value that nobody wrote', ['w1 A 0-1', 'r7 A 2-3']],
  ['a value before it is written', ['r1 A 0-1', 'w1 A 2-3']],
  ['an acknowledged write that is gone', ['w1 A 0-1', 'w2 B 2-3', 'r2 A 4-5', 'r1 A 6-7']],
  ['an acknowledged write that its own server does not show', ['w1 A 0-1', 'r0 A 2-3']],
  ['a write without a reply that comes and goes', ['w1 A 0-1', 'w2 A 2-?', 'r2 B 4-5', 'r1 B 6-7']],
  ['a server that goes back', ['w1 A 0-1', 'w2 A 2-3', 'r1 B 4-5', 'r2 B 6-7', 'r1 B 8-9']],
  ['servers with different orders', ['w1 A 0-10', 'w2 B 0-10', 'r1 C 4-5', 'r2 C 6-7', 'r2 D 4-5', 'r1 D 6-7']],
  [
    'three servers whose orders make a circle',
    ['w1 A 0-9', 'w2 A 0-9', 'w3 A 0-9', 'r1 B 1-2', 'r2 B 3-4', 'r2 C 1-2', 'r3 C 3-4', 'r3 D 1-2', 'r1 D 3-4'],
  ],
  ['a write that comes after what it has seen', ['w1 A 0-20', 'r1 B 1-2', 'w2 C 3-4', 'r2 D 5-6', 'r1 D 7-8']],
];

describe('the checker finds nothing wrong with', () => {
  test.each(GOOD)('%s', (_, lines) => {
    expect(problemsOf(history(...lines), 'latest')).toEqual([]);
    expect(problemsOf(history(...lines), 'local')).toEqual([]);
  });

  test.each(STALE)('%s, if reads may be behind', (_, lines) => {
    expect(problemsOf(history(...lines), 'local')).toEqual([]);
  });
});

describe('the checker finds', () => {
  test.each([...STALE, ...BAD])('%s, where reads are to be the latest', (_, lines) => {
    expect(problemsOf(history(...lines), 'latest')).not.toEqual([]);
  });

  test.each(BAD)('%s, though reads may be behind', (_, lines) => {
    expect(problemsOf(history(...lines), 'local')).not.toEqual([]);
  });
});

/** A few operations in any order, each value written once. */
const anyHistory = fc
  .array(
    fc.record({ read: fc.boolean(), value: fc.nat(4), start: fc.nat(20), length: fc.integer({ min: 1, max: 8 }) }),
    {
      maxLength: 9,
    },
  )
  .map((uses) => {
    const seen = new Set<number>();
    return uses.map(({ read, value, start, length }, i): Operation => {
      const kind = read || value === 0 || seen.has(value) ? 'read' : 'write';
      if (kind === 'write') seen.add(value);
      const end = kind === 'write' && length === 8 ? Infinity : start + length;
      return { cell: 'cell', kind, value, server: 'ABC'[i % 3], start: start + i / 100, end: end + i / 100 };
    });
  });

/** Tries all orders (Wing and Gong, 1993). Only writes without a reply may be left out. */
function isLinearizable(left: readonly Operation[], value = 0): boolean {
  if (left.every(({ end }) => end === Infinity)) return true;
  return left.some((next) => {
    if (left.some(({ end }) => end < next.start)) return false;
    if (next.kind === 'read' && next.value !== value) return false;
    return isLinearizable(
      left.filter((other) => other !== next),
      next.value,
    );
  });
}

test('what it says of the latest reads is what trying all orders says', () => {
  const said = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(anyHistory, (operations) => {
      const right = isLinearizable(operations);
      said[right ? 'right' : 'wrong']++;
      expect(problemsOf(operations, 'latest').length === 0).toBe(right);
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(said.right, said.wrong)).toBeGreaterThan(100);
});

describe('after a loss', () => {
  const losses = [{ from: 10, to: 20 }];
  const problems = (...lines: string[]) =>
    stretchesOf(history(...lines), losses).flatMap((stretch) => problemsOf(stretch, 'latest'));

  test('an older value may be back, and stays in order from then on', () => {
    expect(problems('w1 A 0-1', 'w2 A 2-3', 'r1 B 21-22', 'w3 A 23-24', 'r3 B 25-26')).toEqual([]);
    expect(problems('w1 A 0-1', 'w2 A 2-3', 'r1 B 21-22', 'w3 A 23-24', 'r1 B 25-26')).not.toEqual([]);
  });

  test('nothing from before it is excused', () => {
    expect(problems('w1 A 0-1', 'w2 A 2-3', 'r1 B 4-5')).not.toEqual([]);
  });
});

/** `5 A>B 1-2`: a count that A has signed, read of B from 1 to 2 ms. */
function beats(...lines: string[]): Beat[] {
  return lines.map((line) => {
    const [, count, author, reader, start, end] = /^(\d+) (\w)>(\w) (\d+)-(\d+)$/.exec(line) ?? [];
    const number = (name: string) => 1 + 'ABC'.indexOf(name);
    return {
      count: Number(count),
      author: number(author),
      reader: number(reader),
      start: Number(start),
      end: Number(end),
    };
  });
}

describe('that one server leads at a time', () => {
  test.each([
    ['one after the other', ['1 A>B 0-1', '2 A>B 2-3', '3 B>A 4-5', '4 C>A 6-7']],
    ['at the same moment', ['2 A>B 0-9', '1 A>B 1-8']],
    ['what is not in the image yet', ['3 A>A 0-1', '2 B>A 2-3', '3 B>C 4-5']],
  ])('is believed of counts read %s', (_, lines) => expect(problemsOfBeats(beats(...lines))).toEqual([]));

  test.each([
    ['of one server that go back', ['2 A>B 0-1', '1 A>B 2-3']],
    ['that two have made', ['2 A>B 0-1', '2 C>B 2-3']],
  ])('is not believed of counts %s', (_, lines) => expect(problemsOfBeats(beats(...lines))).toHaveLength(1));
});
