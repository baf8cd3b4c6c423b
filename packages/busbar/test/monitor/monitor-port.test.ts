import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BusFrame, BusMonitor, BusMonitorOptions, BusNoise } from 'busbar/monitor';
import type { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { openPort } from '../../../../interop/helpers/open-port.js';
import { createPtyPair, type PtyPair } from '../../../../interop/helpers/pty.js';
import { record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { CONVERSATION_TOLD, conversation } from './conversation.js';
import { ascii, createMonitor, cuts, recordHeard, recordLines, rtu } from './listening.js';

const READ = rtu(2, 'fc:03 start:0000 quantity:0002');
const READ_LINE = '> 2 0300000002';
/** Milliseconds of eleven bits at 19200 baud. */
const CHARACTER = 11 / 19.2;
/** What is told depends on no pause that a busy machine makes. */
const NEVER = 60_000;
const soon = { initialDelay: 1, maxDelay: 20 };

let pair: PtyPair;
let line: SerialPort;
beforeEach(async () => {
  pair = await createPtyPair();
  line = await openPort(pair.b);
});
afterEach(async () => {
  await closeLine();
  await pair.remove();
});

/** Also where it was lost. */
function closeLine(): Promise<void> {
  return new Promise((resolve) => {
    if (line.isOpen) line.close(() => resolve());
    else resolve();
  });
}

/** A monitor at the other end of the line. */
function listen(options: BusMonitorOptions = {}): Promise<BusMonitor> {
  const monitor = createMonitor({ path: pair.a, silence: NEVER, reconnect: soon, ...options });
  monitor.on('error', () => {});
  return monitor.listen();
}

/** Puts pieces on the line, each when the one before has been heard. */
async function put(monitor: BusMonitor, ...pieces: Uint8Array[]): Promise<void> {
  for (const piece of pieces.filter(({ length }) => length > 0)) {
    const expected = monitor.counters.bytesReceived + piece.length;
    line.write(piece);
    await expect.poll(() => monitor.counters.bytesReceived, { interval: 1 }).toBe(expected);
  }
}

/** That times go on without overlapping, that no time is longer than it can be, and that they add up. */
function expectPlausible(heard: readonly (BusFrame | BusNoise)[], begin: number): void {
  let last = begin;
  let sum = 0;
  for (const { start, end, gap } of heard) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThanOrEqual(start);
    if (gap !== undefined) expect(gap).toBeGreaterThanOrEqual(0);
    sum += end - start + (gap ?? 0);
    last = end;
  }
  expect(last).toBeLessThanOrEqual(performance.timeOrigin + performance.now());
  expect(sum).toBeCloseTo(last - heard[0].start, 1);
}

describe('a monitor on a serial line', () => {
  test.each([
    ['rtu', rtu],
    ['ascii', ascii],
  ] as const)('hears %s frames of several stations, cut anywhere, and sends nothing', async (framing, encode) => {
    const monitor = await listen({ framing });
    const [told, heard, sent] = [recordLines(monitor), recordHeard(monitor), vi.fn()];
    line.on('data', sent);
    const begin = performance.timeOrigin + performance.now();
    const all = cuts(conversation(encode));
    for (const pieces of all) await put(monitor, ...pieces);
    await monitor.close();
    expect(told.all).toEqual(all.flatMap(() => CONVERSATION_TOLD));
    expectPlausible(heard.all, begin - CHARACTER * conversation(encode).length);
    expect(sent).not.toHaveBeenCalled();
  });

  test('tells exactly the bytes of noise', async () => {
    const monitor = await listen();
    const [told, heard] = [recordLines(monitor), recordHeard(monitor)];
    const begin = performance.timeOrigin + performance.now();
    const noise = Buffer.from('FFFEFD', 'hex');
    await put(monitor, READ, noise, READ, READ.subarray(0, 7));
    await monitor.close();
    expect(told.all).toEqual([
      READ_LINE,
      '? FFFEFD',
      `! ${READ_LINE.slice(2)}`,
      READ_LINE,
      `? ${toHex(READ.subarray(0, 7))}`,
    ]);
    expectPlausible(heard.all, begin - CHARACTER * READ.length);
  });

  test('tells of noise without a frame behind it when the line falls silent', async () => {
    const monitor = await listen({ silence: undefined });
    const told = recordLines(monitor);
    await put(monitor, Buffer.from('FF00', 'hex'));
    expect(await told.reached(1)).toEqual(['? FF00']);
  });

  test('keeps others from opening the port until close() has resolved, whoever has called it', async () => {
    const monitor = await listen();
    const other = createMonitor({ path: pair.a });
    await expect(other.listen()).rejects.toMatchObject({ name: 'ListenError', code: 'EBUSY' });
    const first = monitor.close();
    await monitor.close();
    await other.listen();
    await first;
    expect(other.listening).toBe(true);
  });
});

describe('listen() rejects', () => {
  test('with ENOENT for a port that does not exist', async () => {
    const monitor = createMonitor({ path: '/dev/no-such-port' });
    await expect(monitor.listen()).rejects.toMatchObject({
      name: 'ListenError',
      code: 'ENOENT',
      message: expect.stringContaining('cannot open /dev/no-such-port: there is no such port'),
    });
    expect(monitor.listening).toBe(false);
    await monitor.close();
  });

  test('with ENOTTY for a file that is no port', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'file');
    writeFileSync(path, '');
    await expect(createMonitor({ path }).listen()).rejects.toMatchObject({ name: 'ListenError', code: 'ENOTTY' });
  });

  test('until there is a port', async () => {
    await pair.unplug();
    const monitor = createMonitor({ path: pair.a });
    await expect(monitor.listen()).rejects.toMatchObject({ code: 'ENOENT' });
    await pair.plug();
    await monitor.listen();
    expect(monitor.listening).toBe(true);
  });
});

describe('a monitor whose port is pulled out', () => {
  test('tells the rest and of the loss, opens the port when it is back, and listens again', async () => {
    const monitor = await listen();
    const [told, heard] = [recordLines(monitor), recordHeard(monitor)];
    const [lost, opened] = [record(monitor, 'portLost'), record(monitor, 'portOpened')];
    monitor.on('portLost', () => told.record('lost'));
    const begin = performance.timeOrigin + performance.now();
    for (let time = 1; time <= 3; time++) {
      await put(monitor, READ, READ.subarray(0, 4));
      await pair.unplug();
      await lost.reached(time);
      expect(monitor.listening).toBe(true);
      await closeLine();
      await pair.plug();
      await opened.reached(time);
      line = await openPort(pair.b);
    }
    await put(monitor, READ);
    const first = [READ_LINE, '? 02030000', 'lost'];
    const again = [`! ${READ_LINE.slice(2)}`, ...first];
    expect(told.all).toEqual([...first, ...again, ...again, ...again.slice(0, 2)]);
    expect(lost.all[0]).toEqual({ path: pair.a, error: expect.any(Error), reopening: true });
    expect(opened.all[0]).toEqual({ path: pair.a });
    expectPlausible(heard.all, begin - CHARACTER * READ.length);
  });

  test('ends its waiting at once by close()', async () => {
    const monitor = await listen({ reconnect: { initialDelay: 1_000_000 } });
    const lost = record(monitor, 'portLost');
    await pair.unplug();
    await lost.reached(1);
    await monitor.close();
    expect(monitor.listening).toBe(false);
  });

  test('does not open it again after a listener of the loss has closed the monitor', async () => {
    const monitor = await listen();
    const [opened, closed] = [record(monitor, 'portOpened'), record(monitor, 'close')];
    monitor.on('portLost', () => monitor.close());
    await pair.unplug();
    await closed.reached(1);
    await pair.plug();
    await monitor.listen();
    expect(opened.all).toEqual([]);
  });

  test('ends where it shall not reconnect', async () => {
    const monitor = await listen({ reconnect: false });
    const [lost, closed] = [record(monitor, 'portLost'), record(monitor, 'close')];
    await pair.unplug();
    await closed.reached(1);
    expect(lost.all).toEqual([{ path: pair.a, error: expect.any(Error), reopening: false }]);
    expect(monitor.listening).toBe(false);
  });
});
