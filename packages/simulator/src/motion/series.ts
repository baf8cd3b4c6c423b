import { readFileSync } from 'node:fs';
import { OptionsError } from 'busbar';
import { parse } from 'csv-parse/sync';
import type { Series } from '../behaviours/behaviour.js';
import { durationProblem, parseDuration } from '../duration.js';
import type { Value } from '../value.js';

/** Reads the values of a CSV file. @throws OptionsError if it has none. */
export function readSeries(file: string, column: string | undefined): Series {
  try {
    return parseSeries(readFileSync(file, 'utf8'), column);
  } catch (error) {
    if (error instanceof OptionsError) throw new OptionsError(error.path, `${file}: ${error.problems[0]?.problem}`);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new OptionsError(
      ['file'],
      code === 'ENOENT' ? `there is no file ${file}` : `${file} can't be read: ${message}`,
    );
  }
}

/**
 * Reads CSV text: a line of column names, then rows that begin with a time. The time is in seconds, a duration (`5m`),
 * a time of day (`06:30`) or a date (ISO 8601); values count from the first one.
 */
export function parseSeries(text: string, column: string | undefined): Series {
  const [names = [], ...rows] = parseRows(text);
  const place = column === undefined ? 1 : names.indexOf(column);
  if (names.length < 2) {
    throw new OptionsError(
      ['file'],
      'expected a line with the names of the columns, the time first, such as time,value',
    );
  }
  if (place < 1 || place >= names.length) {
    const known = names.slice(1).join(', ');
    throw new OptionsError(['column'], `expected one of the columns ${known}, found ${column ?? 'none'}`);
  }
  if (rows.length === 0) throw new OptionsError(['file'], 'expected rows below the names of the columns, found none');
  const times = rows.map(([time = ''], i) => parseTime(time, i + 2));
  const start = times[0] ?? 0;
  times.forEach((time, i) => {
    if (time <= (times[i - 1] ?? Number.NEGATIVE_INFINITY))
      throw atLine(i + 2, 'the time is not later than the one before');
  });
  return { times: times.map((time) => time - start), values: rows.map((row) => parseValue(row[place] ?? '')) };
}

/** As Excel writes them, too: a byte-order mark, and semicolons. */
function parseRows(text: string): string[][] {
  const [header = ''] = text.split('\n', 1);
  const delimiter = [',', ';', '\t'].find((each) => header.includes(each)) ?? ',';
  try {
    return parse(text, { bom: true, delimiter, skip_empty_lines: true, trim: true, comment: '#' });
  } catch (error) {
    throw new OptionsError(['file'], (error as Error).message);
  }
}

const TIME_OF_DAY = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/;

/** @returns milliseconds. */
function parseTime(text: string, line: number): number {
  if (text !== '' && Number.isFinite(Number(text))) return Number(text) * 1000;
  if (durationProblem(text) === undefined) return parseDuration(text);
  const [, hours, minutes, seconds = '0'] = TIME_OF_DAY.exec(text) ?? [];
  if (hours !== undefined) return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  const date = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date))
    throw atLine(line, `expected a time such as 1.5, 5m, 06:30 or 2026-01-31T06:30:00Z, found "${text}"`);
  return date;
}

/** A number, true or false, or else a text such as a label. */
function parseValue(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function atLine(line: number, problem: string): OptionsError {
  return new OptionsError(['file'], `line ${line}: ${problem}`);
}
