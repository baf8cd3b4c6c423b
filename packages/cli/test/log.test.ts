import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogLevel } from '../src/log/event.js';
import { type LogFormat, Logger } from '../src/log/logger.js';
import { TestOutput } from './helpers/output.js';

const PERIOD_MS = 10_000;
const LINES = 20;

function logged(format: LogFormat, level: LogLevel, { isTTY = false, env = {} } = {}): string {
  const out = new TestOutput(isTTY);
  const log = new Logger(format, level, out, env);
  log.log('error', { event: 'error', text: 'it failed', code: 'E' });
  log.log('debug', { event: 'write', text: 'a write' });
  return out.written;
}

describe('the log', () => {
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

  test.each(['pretty', 'json'] as const)('shows what would steer the terminal of a reader, %s', (format) => {
    const out = new TestOutput();
    const text = 'a\u001b[2J\n\u0007\u009b1m\u202egnp';
    new Logger(format, 'info', out).log('info', { event: 'x', text });
    expect(out.lines).toHaveLength(1);
    expect(out.lines[0]).toContain('\\u001b[2J\\');
    expect(out.lines[0]).toContain('\\u0007\\u009b1m\\u202egnp');
    if (format === 'json') expect(JSON.parse(out.lines[0])).toMatchObject({ message: text });
  });
});

describe('lines that the output does not take', () => {
  test.each(['pretty', 'json'] as const)('are counted, and told of before the next one that it takes, %s', (format) => {
    const out = new TestOutput();
    const log = new Logger(format, 'info', out);
    out.full = true;
    for (const text of ['one', 'two', 'three']) log.log('info', { event: text, text });
    out.full = false;
    log.log('info', { event: 'four', text: 'four' });
    expect(out.lines).toEqual([expect.stringContaining('lost 3 lines of the log'), expect.stringContaining('four')]);
    if (format === 'json')
      expect(JSON.parse(out.lines[0])).toMatchObject({ level: 'warn', event: 'logLost', lines: 3 });
  });

  test('are told of as soon as a slow reader has taken the others, and at the end', () => {
    const out = new TestOutput();
    const log = new Logger('pretty', 'info', out);
    for (const end of [() => out.drain(), () => log.end()]) {
      out.full = true;
      log.announce({ event: 'x', text: '' }, 'lost');
      out.full = false;
      out.written = '';
      end();
      expect(out.lines).toEqual([expect.stringContaining('lost 1 line of the log')]);
    }
  });
});

describe('repeated lines', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function connects(log: Logger, count: number, address = '192.0.2.1', listener = 'tcp 127.0.0.1:502'): void {
    for (let port = 1; port <= count; port++) {
      const peer = { transport: 'tcp', address, port };
      log.log('info', { event: 'connect', text: `${address}:${port} connected`, listener, peer });
    }
  }

  test.each(['pretty', 'json'] as const)(
    'are counted from the 21st in 10 s on, and then told of in one, %s',
    (format) => {
      const out = new TestOutput();
      const log = new Logger(format, 'info', out);
      connects(log, 1254);
      expect(out.lines).toHaveLength(LINES);
      vi.advanceTimersByTime(PERIOD_MS);
      expect(out.lines).toHaveLength(LINES + 1);
      expect(out.lines[LINES]).toContain('… 1234 more like this in 10 s, the last: 192.0.2.1:1254 connected');
      if (format === 'json') {
        const facts = { repeated: 'connect', count: 1234, seconds: 10, peer: { port: 1254 } };
        expect(JSON.parse(out.lines[LINES])).toMatchObject({ level: 'info', event: 'repeated', ...facts });
      }
      connects(log, 1);
      expect(out.lines).toHaveLength(LINES + 2);
    },
  );

  test('of one client hide neither what others do, nor other events of its own', () => {
    const out = new TestOutput();
    const log = new Logger('pretty', 'info', out);
    connects(log, 100);
    connects(log, 1, '192.0.2.2');
    connects(log, 1, '192.0.2.1', 'tcp 127.0.0.1:503');
    log.log('warn', { event: 'denied', text: 'denied', peer: { address: '192.0.2.1' } });
    expect(out.lines).toHaveLength(LINES + 3);
  });

  test('of any number of clients are bounded', () => {
    const out = new TestOutput();
    const log = new Logger('json', 'info', out);
    for (let i = 0; i < 5000; i++) connects(log, 1, `192.0.${i >> 8}.${i & 255}`);
    expect(out.lines.length).toBeLessThanOrEqual(50 + LINES);
    log.end();
    const more = out.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'repeated');
    expect(more).toMatchObject([{ count: 5000 - 50 - LINES }]);
  });

  test('are told of when the log ends', () => {
    const out = new TestOutput();
    const log = new Logger('pretty', 'info', out);
    connects(log, 21);
    vi.advanceTimersByTime(PERIOD_MS / 2);
    log.end();
    expect(out.lines.at(-1)).toContain('… 1 more like this in 5 s, the last: 192.0.2.1:21 connected');
  });

  test('are all there at the level that asks for every line', () => {
    const out = new TestOutput();
    const log = new Logger('json', 'debug', out);
    for (let i = 0; i < 100; i++) log.log('debug', { event: 'write', text: 'a write' });
    expect(out.lines).toHaveLength(100);
  });
});
