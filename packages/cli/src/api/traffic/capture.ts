import { captureFrames, type KeptFrame } from 'busbar/monitor';
import { streamOf } from '../turns.js';
import type { Recorded } from './traffic.js';

/** Frames that are written at once; then others get their turn. */
const PORTION = 10;

/** A capture for Wireshark, in the order in which the frames came. @param ended is called when it is not read any more. */
export function capture(recorded: readonly Recorded[], ended: () => void): ReadableStream<Uint8Array> {
  const origin = Date.now() - performance.now();
  const frames = recorded.flatMap((each) => framesOf(each, origin)).toSorted((one, other) => one.time - other.time);
  return streamOf(portions(captureFrames(frames)), ended);
}

function* portions(frames: Iterable<Uint8Array>): Generator<Uint8Array> {
  let portion: Uint8Array[] = [];
  for (const frame of frames) {
    portion.push(frame);
    if (portion.length < PORTION) continue;
    yield Buffer.concat(portion);
    portion = [];
  }
  if (portion.length > 0) yield Buffer.concat(portion);
}

/** @param origin of `performance.now()`, in milliseconds since 1970. */
function framesOf({ bound, start, duration, request, reply }: Recorded, origin: number): KeptFrame[] {
  const { server, name } = bound;
  const asked = { server, name, time: origin + start, isRequest: true, message: request };
  if (reply === undefined) return [asked];
  return [asked, { ...asked, time: asked.time + duration, isRequest: false, message: reply }];
}
