import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSeries, readSeries } from '../src/motion/series.js';

describe('a table of values', () => {
  test('has a time and values', () => {
    expect(parseSeries('time,load\n0,5\n1.5,6.25\n', undefined)).toEqual({ times: [0, 1500], values: [5, 6.25] });
  });

  test('has several columns', () => {
    expect(parseSeries('time,load,mode\n0,5,auto\n1,6,true\n', 'mode')).toEqual({
      times: [0, 1000],
      values: ['auto', true],
    });
  });

  test.each([
    ['durations', '5m', '1h', 3_300_000],
    ['times of day', '06:30', '07:00:30.5', 1_830_500],
    ['dates', '2026-01-31T06:30:00Z', '2026-01-31T06:30:01Z', 1000],
    ['seconds', '100', '101', 1000],
  ])('takes %s for its times, and counts from the first', (_, first, second, between) => {
    expect(parseSeries(`time,x\n${first},1\n${second},2`, undefined).times).toEqual([0, between]);
  });

  test('is read as Excel writes it: semicolons, a byte-order mark, CR LF', () => {
    expect(parseSeries('\ufefftime;load\r\n0;5\r\n1;6\r\n', 'load').values).toEqual([5, 6]);
  });

  test('may have quotes, comments and empty lines', () => {
    expect(parseSeries('time,"the load"\n# night\n0,"5"\n\n1,6', 'the load').values).toEqual([5, 6]);
  });

  test.each([
    ['', 'file: expected a line with the names of the columns, the time first'],
    ['time,load\n', 'expected rows below the names of the columns, found none'],
    ['time\n1\n', 'file: expected a line with the names of the columns, the time first'],
    ['time,load\nnoon,5\n', 'line 2: expected a time such as 1.5, 5m, 06:30'],
    ['time,load\n2,5\n1,5\n', 'line 3: the time is not later than the one before'],
    ['time,load\n1,5\n1,5\n', 'line 3: the time is not later'],
    ['time,load\n1,5,6\n', 'Invalid Record Length: expect 2, got 3 on line 2'],
  ])('is refused: %j', (text, problem) => {
    expect(() => parseSeries(text, undefined)).toThrow(problem);
  });

  test('is refused without the wanted column', () => {
    expect(() => parseSeries('time,load,mode\n0,5,auto', 'lode')).toThrow(
      'expected one of the columns load, mode, found lode',
    );
  });
});

test('a file that is not there is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-'));
  try {
    expect(() => readSeries(join(folder, 'day.csv'), undefined)).toThrow(/^file: there is no file .*day\.csv$/);
    writeFileSync(join(folder, 'bad.csv'), 'time,x\nnoon,1');
    expect(() => readSeries(join(folder, 'bad.csv'), undefined)).toThrow(/^file: .*bad\.csv: line 2: expected a time/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
