import { crc16 } from '../../src/protocol/crc.js';
import { EXCEPTION_BIT, FunctionCode } from '../../src/protocol/function-codes.js';
import { replyLength, requestLength } from '../../src/protocol/lengths.js';
import { toHex } from '../helpers/hex.js';
import type { Stretch } from './traffic.js';

const AROUND_PDU = 3;
const MIN_LENGTH = 4;
const MAX_LENGTH = 256;
const LAST_STATION = 247;

/** Frames that were sent, and the requests in their data. */
export class Known {
  readonly #frames = new Set<string>();

  add(frame: Uint8Array): void {
    this.#frames.add(toHex(frame));
  }

  /** An intact frame stays intact, as far as its CRC tells, with zeros behind it. */
  has(frame: string): boolean {
    for (let part = frame; part.length > 0; part = part.slice(0, -2)) {
      if (this.#frames.has(part)) return true;
      if (!part.endsWith('00')) return false;
    }
    return false;
  }
}

/**
 * Looks for an accident: a stretch of bytes that reads like a frame, CRC and all, although none was sent. It must be as
 * long as its function says, or end where something that was sent begins or ends; else nobody would look for it.
 */
export function findAccident({ bytes, boundaries }: Stretch, known: Known): string | undefined {
  for (let start = 0; start + MIN_LENGTH <= bytes.length; start++) {
    if (bytes[start] > LAST_STATION || bytes[start + 1] === 0) continue;
    for (const end of endsOf(bytes, start, boundaries)) {
      if (crc16(bytes, start, end) !== 0) continue;
      const frame = toHex(bytes.subarray(start, end));
      if (!known.has(frame)) return frame;
    }
  }
  return undefined;
}

function endsOf(bytes: Uint8Array, start: number, boundaries: ReadonlySet<number>): number[] {
  const predicted = lengthsOf(bytes, start + 1).map((length) => start + length + AROUND_PDU);
  const last = Math.min(bytes.length, start + MAX_LENGTH);
  return [...predicted, ...boundaries].filter((end) => end >= start + MIN_LENGTH && end <= last);
}

/** Lengths that a PDU at `at` may have: that of a request, a reply, an exception. */
function lengthsOf(bytes: Uint8Array, at: number): number[] {
  const code = bytes[at];
  if (code >= EXCEPTION_BIT) return [2];
  if (code === FunctionCode.Diagnostics) return [5];
  return [requestLength(bytes, at, bytes.length) ?? 0, replyLength(bytes, at, bytes.length) ?? 0];
}
