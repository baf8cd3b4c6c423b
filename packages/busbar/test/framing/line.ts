import { LineCounters } from '../../src/counters.js';
import type { FrameReader, Framing, ReaderContext } from '../../src/framing/framing.js';
import { LineState } from '../../src/line-state.js';
import { crc16 } from '../../src/protocol/crc.js';
import { type LengthRule, lengthByRule } from '../../src/protocol/length-rule.js';
import { requestLength } from '../../src/protocol/lengths.js';
import { hex, toHex } from '../helpers/hex.js';

const NOTHING = new Uint8Array(0);

interface LineOptions {
  readonly units?: readonly number[];
  readonly customFunctions?: ReadonlyMap<number, LengthRule>;
  readonly maxPduLength?: number;
}

/** A line as a reader's server sees it: collects what the reader delivers, as `unit PDU` in hex. */
export class Line {
  readonly frames: string[] = [];
  readonly counters = new LineCounters();
  readonly line = new LineState();
  readonly reader: FrameReader;
  readonly context: ReaderContext;

  constructor(framing: Framing, { units = [1], customFunctions = new Map(), maxPduLength = 253 }: LineOptions = {}) {
    const served = new Set([0, ...units]);
    const { counters } = this;
    const context: ReaderContext = {
      maxPduLength,
      silence: 50,
      counters,
      serves: (unitId) => served.has(unitId),
      requestLength: (bytes, start, end) => {
        const rule = customFunctions.get(bytes[start] ?? 0);
        return rule === undefined ? requestLength(bytes, start, end) : lengthByRule(rule, bytes, start, end);
      },
      communicationError: () => {
        counters.communicationErrors++;
      },
    };
    this.context = context;
    this.reader = framing.createReader(context, this.line);
  }

  /** @returns this, so that a whole traffic reads as one chain. */
  receive(...chunks: readonly Uint8Array[]): this {
    for (const chunk of chunks) this.#drain(chunk);
    return this;
  }

  /** The line is silent for `times` times the framing's silence. */
  silence(times = 1): this {
    for (let i = 0; i < times && this.reader.incomplete; i++) {
      this.reader.silent?.();
      this.#drain(NOTHING);
    }
    return this;
  }

  /** The line was silent for 3.5 characters. @param idle milliseconds that it has idled in all. */
  gap(idle: number): void {
    this.reader.gap?.(idle);
    if (this.reader.incomplete) this.#drain(NOTHING);
  }

  #drain(chunk: Uint8Array): void {
    let at = 0;
    while (this.reader.next(chunk, at) === 'frame') {
      const { bytes, unitId, pduStart, pduEnd, position } = this.reader;
      this.frames.push(toHex(Uint8Array.of(unitId, ...bytes.subarray(pduStart, pduEnd))));
      at = position;
    }
  }
}

/** Address and PDU as a labelled vector → the RTU frame. */
export function rtuFrame(vector: string): Uint8Array {
  return sealed(hex(vector));
}

export function sealed(bytes: Uint8Array): Uint8Array {
  const crc = crc16(bytes, 0, bytes.length);
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8);
}

/** The frame with one bit wrong. */
export function damaged(frame: Uint8Array, at = frame.length - 1): Uint8Array {
  return frame.map((byte, index) => (index === at ? byte ^ 0x10 : byte));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function bytewise(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

/** Every way to cut bytes in two. */
export function cuts(bytes: Uint8Array): [Uint8Array, Uint8Array][] {
  return Array.from({ length: bytes.length - 1 }, (_, i) => [bytes.subarray(0, i + 1), bytes.subarray(i + 1)]);
}
