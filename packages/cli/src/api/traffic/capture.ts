import { captureFrames, type KeptFrame } from 'busbar/monitor';
import type { Recorded } from './traffic.js';

/** A capture for Wireshark, in the order in which the frames came. */
export function capture(recorded: readonly Recorded[]): Uint8Array {
  return captureFrames(recorded.flatMap(framesOf).toSorted((one, other) => one.time - other.time));
}

function framesOf({ exchange: { time, took }, bound, request, reply }: Recorded): KeptFrame[] {
  const { server, name } = bound;
  const asked = { server, name, time, isRequest: true, message: request };
  return reply === undefined ? [asked] : [asked, { ...asked, time: time + took, isRequest: false, message: reply }];
}
