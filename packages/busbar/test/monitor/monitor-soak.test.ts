import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { rtuClient } from '../helpers/line-client.js';
import { anyPdu } from '../soak/random-pdus.js';
import { propertyRuns } from '../soak/runs.js';
import { EXCHANGES } from './exchanges.js';
import { Listening, rtu } from './listening.js';

const TIMEOUT = 3_600_000;
const SILENCE = 50;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const unit = fc.nat({ max: 255 });
/** Whole frames, and what is left of them on a bad line. */
const frame = fc.oneof(
  fc.tuple(unit, anyPdu).map(([id, pdu]) => rtuClient.encode({ unit: id, pdu })),
  fc
    .tuple(unit, fc.constantFrom(...EXCHANGES))
    .map(([id, [request, reply]]) => Buffer.concat([rtu(id, request), rtu(id, reply)])),
);
const damaged = fc
  .tuple(frame, fc.nat(), fc.integer({ min: 1, max: 255 }))
  .map(([bytes, at, bits]) => bytes.with(at % bytes.length, bytes[at % bytes.length] ^ bits));
const broken = fc.tuple(frame, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % bytes.length));
const noise = fc.uint8Array({ maxLength: 40 });
const part = fc.oneof({ weight: 5, arbitrary: frame }, damaged, broken, noise);

/** What is on the line, the lengths of the pieces in which it comes, and how long the line is silent behind each. */
const traffic = fc.record({
  parts: fc.array(part, { maxLength: 8 }),
  cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
  silences: fc.array(fc.constantFrom(0, 0, 0, SILENCE / 2, SILENCE, 3 * SILENCE), { minLength: 1, maxLength: 20 }),
});

interface Traffic {
  parts: Uint8Array[];
  cuts: number[];
  silences: number[];
}

function pieces(bytes: Uint8Array, lengths: number[]): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + lengths[all.length % lengths.length];
    all.push(bytes.subarray(at, end));
    at = end;
  }
  return all;
}

/** The bytes that a line of a recorder stands for. */
function bytesOf(line: string): string {
  const [sign, ...words] = line.split(' ');
  if (sign === '?') return words[0];
  return sign === '!' ? '' : toHex(rtuClient.encode({ unit: Number(words[0]), pdu: hex(words[1]) }));
}

async function play({ parts, cuts, silences }: Traffic): Promise<Listening> {
  const listening = await Listening.start({ silence: SILENCE });
  for (const [i, piece] of pieces(Buffer.concat(parts), cuts).entries()) {
    await listening.hear(piece);
    vi.advanceTimersByTime(silences[i % silences.length]);
  }
  await listening.end();
  return listening;
}

function expectCounted({ monitor, told }: Listening, bytesReceived: number): void {
  const messages = told.all.filter((line) => /^[<>]/.test(line)).length;
  expect(monitor.counters).toMatchObject({ bytesReceived, messages, foreignFrames: messages });
}

function expectOrdered({ heard }: Listening): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const { start, end, gap } of heard.all) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(gap ?? 0).toBeGreaterThanOrEqual(0);
    last = end;
  }
}

test('a monitor tells every byte of a line once and in order, in whatever pieces and pauses it comes', {
  timeout: TIMEOUT,
}, async () => {
  const property = fc.asyncProperty(traffic, async (played) => {
    const bytes = Buffer.concat(played.parts);
    const listening = await play(played);
    expect(listening.told.all.map(bytesOf).join('')).toBe(toHex(bytes));
    expectCounted(listening, bytes.length);
    expectOrdered(listening);
  });
  await fc.assert(property, propertyRuns(20));
});
