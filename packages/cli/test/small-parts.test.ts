import { describe, expect, test } from 'vitest';
import { endpointsConflict, formatEndpoint, parseEndpoint } from '../src/endpoint.js';
import { type LogFormat, Logger, type LogLevel } from '../src/log.js';
import { nearest } from '../src/suggest.js';

describe('the nearest known name', () => {
  const known = ['start', 'count', 'value', 'values'];

  test.each([
    ['strat', 'start'],
    ['Count', 'count'],
    ['vlaues', 'values'],
    ['val', 'value'],
    ['holding', undefined],
    ['', undefined],
  ])('of %j is %j', (name, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });
});

describe('an endpoint', () => {
  test('is written as it is read', () => {
    for (const text of ['127.0.0.1:5020', 'localhost:0', '[::1]:502']) {
      const endpoint = parseEndpoint(text);
      if (typeof endpoint === 'string') throw new Error(endpoint);
      expect(formatEndpoint(endpoint.host ?? '', endpoint.port)).toBe(text);
    }
  });

  test.each([
    ['127.0.0.1:5020', '127.0.0.1:5020', true],
    ['LocalHost:5020', 'localhost:5020', true],
    ['0.0.0.0:5020', '127.0.0.1:5020', true],
    ['[::]:5020', '127.0.0.1:5020', true],
    ['[::]:5020', '[::1]:5020', true],
    ['0.0.0.0:5020', '[::1]:5020', false],
    ['127.0.0.1:5020', '127.0.0.2:5020', false],
    ['127.0.0.1:5020', '127.0.0.1:5021', false],
    ['127.0.0.1:0', '127.0.0.1:0', false],
  ])('%s beside %s conflicts: %s', (one, other, expected) => {
    const [a, b] = [one, other].map((text) => {
      const endpoint = parseEndpoint(text);
      return typeof endpoint === 'string'
        ? expect.unreachable(endpoint)
        : { host: endpoint.host ?? '', port: endpoint.port };
    });
    expect(endpointsConflict(a, b)).toBe(expected);
  });
});

describe('the log', () => {
  function logged(format: LogFormat, level: LogLevel, { isTTY = false, env = {} } = {}): string {
    let written = '';
    const out = { isTTY, write: (text: string) => (written += text) };
    const log = new Logger(format, level, out, env);
    log.log('error', { event: 'error', text: 'it failed', code: 'E' });
    log.log('debug', { event: 'write', text: 'a write' });
    return written;
  }

  test('is one line per event for people', () => {
    expect(logged('pretty', 'debug')).toMatch(/^\d\d:\d\d:\d\d error it failed\n\d\d:\d\d:\d\d debug a write\n$/);
  });

  test('is one JSON object per line for programs', () => {
    const [line, ...rest] = logged('json', 'info').split('\n');
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'error',
      event: 'error',
      message: 'it failed',
      code: 'E',
    });
    expect(rest).toEqual(['']);
  });

  test('has colours on a terminal only, and none with NO_COLOR', () => {
    const colour = '\u001b[';
    expect(logged('pretty', 'info', { isTTY: true })).toContain(colour);
    expect(logged('pretty', 'info', { isTTY: true, env: { NO_COLOR: '1' } })).not.toContain(colour);
    expect(logged('pretty', 'info', { isTTY: true, env: { TERM: 'dumb' } })).not.toContain(colour);
    expect(logged('pretty', 'info')).not.toContain(colour);
    expect(logged('json', 'info', { isTTY: true })).not.toContain(colour);
  });

  test('leaves out what is below its level', () => {
    expect(logged('pretty', 'info')).not.toContain('a write');
    expect(logged('pretty', 'error')).toContain('it failed');
  });
});
