import type { LineCounters } from '../counters.js';
import type { FrameReader, Framing, ReaderContext } from '../framing/framing.js';
import { Line } from '../framing/line.js';
import { LineState } from '../line-state.js';
import { NO_BYTES } from '../protocol/bytes.js';
import { requestLength } from '../protocol/lengths.js';
import { MAX_PDU_LENGTH } from '../protocol/limits.js';
import type { Connection } from '../transport/link.js';
import { ChunkClock } from './chunk-clock.js';

/** Bytes that were on the line, with times in milliseconds since the epoch. */
export interface Heard {
  /** Of the first byte. */
  readonly start: number;
  /** Of the last byte. */
  readonly end: number;
}

/** The receiver of a line's traffic. */
export interface Hearer {
  frame(unitId: number, pdu: Uint8Array, times: Heard): void;
  noise(bytes: Uint8Array, times: Heard): void;
  failed(error: Error): void;
  /** Nothing more comes. */
  ended(): void;
  /** The port is closed. */
  closed(): void;
}

/** An open line for listening only: no frame on it is for us. */
export class MonitoredLine implements Connection, ReaderContext {
  readonly closeReason = undefined;
  readonly maxPduLength: number = MAX_PDU_LENGTH;
  readonly counters: LineCounters;
  readonly silence: number;
  readonly #framing: Framing;
  readonly #hearer: Hearer;
  readonly #reader: FrameReader;
  readonly #line: Line;
  readonly #clock: ChunkClock;

  /** @param silence milliseconds without a byte that count as silence. @param characterTime milliseconds, if known. */
  constructor(
    framing: Framing,
    silence: number,
    characterTime: number | undefined,
    counters: LineCounters,
    hearer: Hearer,
  ) {
    this.#framing = framing;
    this.counters = counters;
    this.silence = silence;
    this.#hearer = hearer;
    this.#reader = framing.createReader(this, new LineState());
    const manners = { characterTime, turnaroundDelay: 0, discardStaleReplies: false };
    this.#line = new Line(this.#reader, () => this.#read(NO_BYTES), manners);
    this.#clock = new ChunkClock(characterTime ?? 0);
  }

  receive(bytes: Uint8Array): void {
    this.counters.bytesReceived += bytes.length;
    if (this.#line.receive(bytes.length)) this.#line.tellGap();
    this.#clock.add(bytes.length, performance.timeOrigin + performance.now());
    this.#read(bytes);
  }

  #read(bytes: Uint8Array): void {
    this.#reader.next(bytes, 0);
    this.#line.wake();
  }

  /** Nothing more comes: decide about the waiting bytes now. */
  inputEnded(): void {
    while (this.#line.giveUp()) this.#read(NO_BYTES);
    this.#line.close();
    this.#hearer.ended();
  }

  closed(): void {
    this.#hearer.closed();
    this.inputEnded();
  }

  overrun(count: number): void {
    this.counters.overruns += count;
  }

  failed(error: Error): void {
    this.#hearer.failed(error);
  }

  drained(): void {}

  serves(): boolean {
    return false;
  }

  requestLength(bytes: Uint8Array, start: number, end: number): number | undefined {
    return requestLength(bytes, start, end);
  }

  communicationError(): void {
    this.counters.communicationErrors++;
  }

  passed(unitId: number, bytes: Uint8Array, pduStart: number, pduEnd: number, behind: number): void {
    const length = this.#framing.maxLength(pduEnd - pduStart);
    this.#hearer.frame(unitId, bytes.slice(pduStart, pduEnd), this.#times(length, behind));
  }

  noise(bytes: Uint8Array, start: number, end: number, behind: number): void {
    if (end > start) this.#hearer.noise(bytes.slice(start, end), this.#times(end - start, behind));
  }

  #times(length: number, behind: number): Heard {
    const end = this.#clock.total - behind;
    return { start: this.#clock.startOf(Math.max(0, end - length)), end: this.#clock.endOf(end - 1) };
  }
}
