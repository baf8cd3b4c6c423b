import type { LineCounters } from '../counters.js';
import type { LineState } from '../line-state.js';

/**
 * What a reader found: `more`, the chunk is used up and nothing is complete; `frame`, one ADU is described by the
 * reader's fields; `fatal`, the stream can't be trusted any longer and `problem` says why.
 */
export type Outcome = 'more' | 'frame' | 'fatal';

/**
 * Finds ADUs in a byte stream however it is cut. A frame that lies whole in the chunk is described in place; only one
 * that straddles chunks is copied, into a buffer of protocol-maximum size. The fields hold until the next call.
 */
export interface FrameReader {
  /** Looks for the next ADU in `chunk` from `at` on; with an empty chunk, in what it has kept. */
  next(chunk: Uint8Array, at: number): Outcome;
  /** Where in the chunk to go on after `frame`. */
  readonly position: number;
  /** A beginning of a frame is waiting for its rest. */
  readonly incomplete: boolean;
  /**
   * Unless it is incomplete, it keeps nothing of what it has read, and may go on with another connection's bytes. Only
   * the library's own readers are asked.
   */
  readonly reusable?: boolean | undefined;
  /**
   * Milliseconds without a byte after which it wants to be told by `silent`, and again after as many; 0: it waits for
   * nothing. Absent: silence means nothing to it.
   */
  readonly wakeAfter?: number | undefined;
  /** No byte came for `wakeAfter`: what waits for its rest may be given up. Then call `next` with an empty chunk. */
  silent?: (() => void) | undefined;
  /**
   * The line was silent for the time of 3.5 characters, as far as the system shows that. Then, if the reader is
   * incomplete, call `next` with an empty chunk.
   * @param idle milliseconds in which the line has carried nothing, from an arbitrary start: only differences mean
   * something.
   */
  gap?: ((idle: number) => void) | undefined;
  /** Takes a datagram: `frame` if it is one ADU for this server and nothing else. */
  whole(datagram: Uint8Array): Outcome;
  readonly bytes: Uint8Array;
  /** 0 where the framing has none. */
  readonly transactionId: number;
  readonly unitId: number;
  /** The PDU is `bytes[pduStart..pduEnd)`. */
  readonly pduStart: number;
  readonly pduEnd: number;
  readonly problem: string;
}

/** What a reader must know of the server, and tell it. */
export interface ReaderContext {
  readonly maxPduLength: number;
  /** Milliseconds without a byte that count as silence. */
  readonly silence: number;
  readonly counters: LineCounters;
  /** Whether requests with this unit id are for this server (on a shared line, 0 is: broadcast). */
  serves(unitId: number): boolean;
  /**
   * Length of the request PDU at `start`; 0 while the byte that tells it is missing, undefined if its function has no
   * rule.
   */
  requestLength(bytes: Uint8Array, start: number, end: number): number | undefined;
  /** A frame was not intact; to be told instead of counting it. */
  communicationError(): void;
  /**
   * An intact frame passed that was not for this server: a request to another station, or a reply.
   * @param behind bytes that have come after it.
   */
  passed?(unitId: number, bytes: Uint8Array, pduStart: number, pduEnd: number, behind: number): void;
  /** `bytes[start..end)` belong to no intact frame. */
  noise?(bytes: Uint8Array, start: number, end: number, behind: number): void;
}

/** The framings that the Modbus documents have. */
export const FRAMING_NAMES = ['mbap', 'rtu', 'ascii'] as const;
export type FramingName = (typeof FRAMING_NAMES)[number];

/** One way to put PDUs on a wire. */
export interface Framing {
  /** For traces and messages. */
  readonly name: string;
  /** Other stations may be on the wire: unit id 0 is broadcast, and unknown ids are theirs. Else as on TCP. */
  readonly sharedLine: boolean;
  /** Bytes of an ADU ahead of its PDU. */
  readonly headerLength: number;
  /** Milliseconds without a byte that count as silence, if the server's options don't say; 0: silence means nothing. */
  readonly silence: number;
  /** Bytes of the longest ADU around a PDU of `maxPduLength` bytes. */
  maxLength(maxPduLength: number): number;
  /** @param line of the connection that the reader is for. */
  createReader(context: ReaderContext, line: Readonly<LineState>): FrameReader;
  /**
   * Completes the ADU at `start` around the PDU that already stands at `start + headerLength`.
   * @returns where the ADU ends.
   */
  seal(
    target: Uint8Array,
    start: number,
    pduLength: number,
    transactionId: number,
    unitId: number,
    asciiDelimiter: number,
  ): number;
}

/** One that the library brings. */
export type StandardFraming = Framing & { readonly name: FramingName };
