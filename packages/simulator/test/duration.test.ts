import { OptionsError } from 'busbar';
import { expect, test } from 'vitest';
import { parseDuration } from '../src/duration.js';

test.each([
  ['250ms', 250],
  ['1.5s', 1500],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['0s', 0],
  ['10 s', 10_000],
  ['1000d', 86_400_000_000],
])('%s is %d milliseconds', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', '5', 's', '5 minutes', '-5s', '1e3s', '5s5', '.5s', '1,5s', 'Infinitys', null, undefined, {}, true])(
  'refuses %j, and shows how durations are written',
  (value) => {
    expect(() => parseDuration(value)).toThrow(/expected a duration such as "250ms", "1.5s"/);
  },
);

test('asks a plain number for its unit', () => {
  expect(() => parseDuration(5, ['faults', 0, 'for'])).toThrow(
    new OptionsError(['faults', 0, 'for'], 'expected a duration with its unit, such as "5s" or "5ms", found 5'),
  );
});

test('refuses more than 1000 days', () => {
  expect(() => parseDuration('1001d')).toThrow('expected at most "1000d", found "1001d"');
  expect(() => parseDuration(`${'9'.repeat(400)}d`)).toThrow('expected at most "1000d"');
});
