import { expect, test } from 'vitest';
import { rtu } from '../../src/framing/rtu.js';
import { Bus, OWN_UNITS } from './bus.js';
import { Line, random } from './line.js';

const EXCHANGES_PER_RUN = 100;
const soak = process.env.SOAK !== undefined;
const runs = 20000;
/** The default runs are the same every time; SEED=… repeats a run. */
const firstSeed = Number(400000);
/** Noise completes a frame, CRC and all, once in 65536 tries; the default runs are free of it. */
const accidents = 0;

/** @returns what went wrong, with the traffic that led to it. */
function run(seed: number): string | undefined {
  const line = new Line(rtu, { units: OWN_UNITS });
  const bus = new Bus(line, random(seed));
  for (let i = 0; i < EXCHANGES_PER_RUN; i++) {
    bus.exchange();
    if (line.frames.join() === bus.expected.join()) continue;
    const [delivered, expected] = [line.frames, bus.expected].map((frames) => frames.slice(-3).join(' '));
    return `SEED=${seed}: delivered … ${delivered}, expected … ${expected}, after ${bus.log.slice(-60).join(' ')}`;
  }
  return undefined;
}

test('on a shared, noisy line every request to us is delivered once, and nothing else', { timeout: 3_600_000 }, () => {
  const failures: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + (process.env.SEED === undefined ? runs : 1); seed++) {
    const failure = run(seed);
    if (failure !== undefined) failures.push(failure);
  }
  expect(failures.length, failures.slice(0, 500).join('\n')).toBeLessThanOrEqual(accidents);
});

test('endless noise is passed over, and the request behind it is delivered', () => {
  const next = random(7);
  const line = new Line(rtu);
  for (let sent = 0; sent < 200_000; ) {
    const chunk = Uint8Array.from({ length: 1 + next(64) }, () => next(256));
    line.receive(chunk);
    sent += chunk.length;
  }
  const before = line.silence(2).frames.length;
  expect(before).toBeLessThan(3);
  line.receive(Uint8Array.of(1, 3, 0, 0, 0, 1, 0x84, 0x0a));
  expect(line.frames.slice(before)).toEqual(['010300000001']);
});

test('a reply that goes on announcing more than a frame can hold ends the wait for it', () => {
  const endless = Uint8Array.of(0x11, 0x2b, 0x0e, 1, 1, 0, 0, 0xff, ...new Uint8Array(600).fill(0x20));
  const line = new Line(rtu)
    .receive(endless)
    .silence(2)
    .receive(Uint8Array.of(1, 3, 0, 0, 0, 1, 0x84, 0x0a));
  expect(line.silence(2).frames).toEqual(['010300000001']);
  expect(line.reader.incomplete).toBe(false);
});
