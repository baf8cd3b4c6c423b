import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BusMonitorOptions } from 'busbar/monitor';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeSerialPort } from '../helpers/fake-serial-port.js';
import { createMonitor, Listening, recordHeard, rtu } from './listening.js';

const READ = rtu(2, 'fc:03 start:0000 quantity:0002');
const READ_REPLY = rtu(2, 'fc:03 bytes:04 values:0014_0015');
const WRITE = rtu(2, 'fc:06 address:0001 value:0003');

/** Milliseconds since the program began, as the test has it. */
let now: number;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.doUnmock('serialport');
});

describe('the same bytes once more', () => {
  const linesAfter = async (milliseconds: number, options: BusMonitorOptions) => {
    const listening = await Listening.start(options);
    await listening.hear(WRITE);
    now += milliseconds;
    await listening.hear(WRITE);
    return listening.end();
  };

  test.each([
    ['1000 ms, if nothing is said', 1000, {}],
    ['replyTimeout', 20, { replyTimeout: 20 }],
  ])('are a reply up to %s', async (_, milliseconds, options) => {
    expect(await linesAfter(milliseconds, options)).toEqual(['> 2 0600010003', '< 2 0600010003 to 0600010003']);
  });

  test.each([
    ['1000 ms, if nothing is said', 1001, {}],
    ['replyTimeout', 21, { replyTimeout: 20 }],
  ])('are the request again after more than %s', async (_, milliseconds, options) => {
    expect(await linesAfter(milliseconds, options)).toEqual(['> 2 0600010003', '! 2 0600010003', '> 2 0600010003']);
  });
});

/** What was heard, with times that count from the first moment of the test. */
function relative(heard: readonly { start: number; end: number; gap: number | undefined }[]) {
  const origin = performance.timeOrigin + 1000;
  return heard.map(({ start, end, gap }) => [start - origin, end - origin, gap].map(rounded));
}

/** Without what the floating point of such large numbers adds. */
function rounded(time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.round(1000 * time) / 1000;
}

describe('on a port of the program, whose speed nobody knows, times', () => {
  test('are those when the bytes were handed over', async () => {
    const listening = await Listening.start();
    await listening.hear(READ.subarray(0, 3));
    now += 4;
    await listening.hear(READ.subarray(3));
    now += 20;
    await listening.hear(Uint8Array.of(0xff, 0xfe));
    now += 3;
    await listening.hear(READ_REPLY);
    await listening.end();
    expect(relative(listening.heard.all)).toEqual([
      [0, 4, undefined],
      [24, 24, 20],
      [27, 27, 3],
    ]);
  });
});

describe('on a port that is opened with 19200 baud, 8E1, times', () => {
  /** Milliseconds of eleven bits. */
  const CHARACTER = 11 / 19.2;

  async function heardOf(chunks: [pause: number, bytes: Uint8Array][]) {
    vi.doMock('serialport', () => ({ SerialPort: FakeSerialPort }));
    const monitor = await createMonitor({ path: '/dev/fake', silence: 60_000 }).listen();
    const heard = recordHeard(monitor);
    const port = FakeSerialPort.opened.at(-1);
    for (const [pause, bytes] of chunks) {
      now += pause;
      port?.receive(bytes);
      await nextTurn();
    }
    await monitor.close();
    return relative(heard.all);
  }

  const expected = (...times: [start: number, end: number, gap: number | undefined][]) =>
    times.map((each) => each.map(rounded));

  test('follow from the time of a character within a chunk', async () => {
    expect(
      await heardOf([
        [0, READ],
        [20, READ_REPLY],
      ]),
    ).toEqual(expected([-8 * CHARACTER, 0, undefined], [20 - 9 * CHARACTER, 20, 20 - 9 * CHARACTER]));
  });

  test('of frames that are handed over at once follow each other without a gap', async () => {
    const [request, reply] = [8 * CHARACTER, 9 * CHARACTER];
    expect(await heardOf([[0, Buffer.concat([READ, READ_REPLY])]])).toEqual(
      expected([-reply - request, -reply, undefined], [-reply, 0, 0]),
    );
  });

  test('overlap with no frame before, however late that was handed over', async () => {
    // The system had both in its buffer, and hands the second over right behind the first.
    const [request, reply] = await heardOf([
      [0, READ],
      [1, READ_REPLY],
    ]);
    expect(request).toEqual(expected([-8 * CHARACTER, 0, undefined])[0]);
    expect(reply).toEqual(expected([0, 1, 0])[0]);
  });

  test('of a frame in pieces are those of its first and its last byte', async () => {
    expect(
      await heardOf([
        [0, READ.subarray(0, 2)],
        [30, READ.subarray(2, 5)],
        [30, READ.subarray(5)],
      ]),
    ).toEqual(expected([-2 * CHARACTER, 60, undefined]));
  });

  test('of noise are those of its own bytes, when they turn out to be noise', async () => {
    expect(
      await heardOf([
        [0, Uint8Array.of(0xff, 0xfe, 0xfd)],
        [50, READ],
      ]),
    ).toEqual(expected([-3 * CHARACTER, 0, undefined], [50 - 8 * CHARACTER, 50, 50 - 8 * CHARACTER]));
  });
});
