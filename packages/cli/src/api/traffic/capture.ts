import { setImmediate } from 'node:timers/promises';
import { captureFrames, type KeptFrame } from 'busbar/monitor';
import type { Recorded } from './traffic.js';

/** Frames that are written at once; then others get their turn. */
const PORTION = 100;

/** A capture for Wireshark, in the order in which the frames came. */
export function capture(recorded: readonly Recorded[]): ReadableStream<Uint8Array> {
  const frames = recorded.flatMap(framesOf).toSorted((one, other) => one.time - other.time);
  const parts = captureFrames(frames);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await setImmediate();
        const portion = take(parts, PORTION);
        if (portion.length > 0) controller.enqueue(Buffer.concat(portion));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

function take<T>(from: Iterator<T>, most: number): T[] {
  const taken: T[] = [];
  while (taken.length < most) {
    const { value, done } = from.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

function framesOf({ exchange: { time, took }, bound, request, reply }: Recorded): KeptFrame[] {
  const { server, name } = bound;
  const asked = { server, name, time, isRequest: true, message: request };
  return reply === undefined ? [asked] : [asked, { ...asked, time: time + took, isRequest: false, message: reply }];
}
