import { describe, expect, test } from 'vitest';
import { keepAt } from '../src/config/keep.js';
import { parseConfig } from '../src/config/load.js';
import { problems } from './helpers/problems.js';

const config = (keep: string) => `keep: ${keep}\nunits: [{id: 1}]\n`;

describe('keep in a config', () => {
  test('is off unless it is there', () => {
    expect(parseConfig('units: [{id: 1}]', 'x').keep).toBeUndefined();
  });

  test('has a folder from that of the config on, and times in milliseconds', () => {
    expect(parseConfig(config('{in: ./state}'), '/plant/x').keep).toEqual({
      folder: '/plant/state',
      named: './state',
      mode: 'interval',
    });
    expect(parseConfig(config('{in: /var/x, interval: 0.5s}'), '/plant/x').keep).toMatchObject({
      folder: '/var/x',
      interval: 500,
    });
    expect(parseConfig(config('{in: x, mode: durable, timeout: 2s}'), '/plant/x').keep).toMatchObject({
      mode: 'durable',
      timeout: 2000,
    });
  });

  test('may leave units out', () => {
    const { content, units } = parseConfig('keep: {in: x}\nunits: [{id: 1, keep: false}, {id: 2, keep: true}]', 'x');
    expect(content?.units.map(({ keep }) => keep)).toEqual([false, true]);
    expect(units).toHaveLength(2);
  });

  test.each([
    ['{}', 'x:1:7: keep: expected the key "in" (a text of at least 1 character), found none'],
    ['./state', 'x:1:7: keep: expected a map with in, mode, interval, timeout, found the text "./state"'],
    ['{in: ""}', 'keep.in: expected a text of at least 1 character'],
    ['{in: x, mode: durabel}', 'found the text "durabel"; did you mean "durable"?'],
    ['{in: x, intervall: 1s}', 'keep.intervall: unknown key; expected one of in, mode, interval, timeout; did you'],
    ['{in: x, interval: 5}', 'keep.interval: expected a duration with its unit, such as "5s" or "5ms", found 5'],
    ['{in: x, interval: 30d}', 'keep.interval: expected 1ms to 24d in whole milliseconds, found "30d"'],
    ['{in: x, interval: 0s}', 'keep.interval: expected a duration above zero'],
    ['{in: x, mode: durable, interval: 1s}', 'x:1:30: keep.interval: does nothing in the mode durable'],
    ['{in: x, timeout: 1s}', 'keep.timeout: does nothing in the mode interval: it is for mode: durable'],
  ])('%s is refused', (keep, problem) => {
    expect(problems(config(keep)).join('\n')).toContain(problem);
  });

  test('needs units that a store can tell apart', () => {
    const units =
      'listen: [{type: tcp, port: 1, units: [a]}, {type: tcp, port: 2, units: [b]}]\nunits: [{id: 1, name: a}, ';
    expect(problems(`keep: {in: x}\n${units}{id: 1, name: b}]`)).toEqual([
      'x:3:32: units[1].id: units[0] has the id 1, too, and a store keeps only one of them: add `keep: false` to the other',
    ]);
    expect(problems(`keep: {in: x}\n${units}{id: 1, name: b, keep: false}]`)).toEqual([]);
    expect(problems(`share: {redis: "redis://a", image: b}\n${units}{id: 1, name: b}]`)).toEqual([
      expect.stringContaining('an image has only one of them: add `share: false` to the other'),
    ]);
  });

  test('excludes share, with the reason', () => {
    expect(problems(`${config('{in: x}')}share: {redis: "redis://a", image: b}\n`)).toEqual([
      'x:3:1: share: keep and share exclude each other: an image lasts in Redis, and what a store of this machine ' +
        'brings back would be older than that: leave one of them out',
    ]);
  });
});

test('--keep takes a folder from the current one on, and the rest from the config', () => {
  const keep = parseConfig(config('{in: ./state, mode: durable}'), '/plant/x').keep;
  expect(keepAt('/else', keep)).toEqual({ folder: '/else', named: '/else', mode: 'durable' });
  expect(keepAt('kept', undefined)).toEqual({ folder: `${process.cwd()}/kept`, named: 'kept', mode: 'interval' });
});
