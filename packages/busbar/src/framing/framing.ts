import type { LineCounters } from '../pdu/line-counters.js';

/**
 * What a reader found: `more`, the chunk is used up and nothing is complete; `frame`, one ADU is described by the reader's
 * fields; `fatal`, the stream can't be trusted any longer and `problem` says why.
 */
export type Outcome = 'more' | 'frame' | 'fatal';

/**
 * Finds ADUs in a byte stream however it is cut. A frame that lies whole in the chunk is described in place; only one that
 * straddles chunks is copied, into a buffer of protocol-maximum size. The fields hold until the next call.
 */
export interface FrameReader {
  /** Looks for the next ADU in `chunk` from `at` on. */
  next(chunk: Uint8Array, at: number): Outcome;
  /** Where in the chunk to go on after `frame`. */
  readonly position: number;
  /** A beginning of a frame is waiting for its rest. */
  readonly incomplete: boolean;
  readonly bytes: Uint8Array;
  readonly transactionId: number;
  readonly unitId: number;
  readonly pduStart: number;
  readonly pduEnd: number;
  readonly problem: string;
}

/** One way to put PDUs on a wire. */
export interface Framing {
  readonly name: 'mbap';
  /** Bytes of an ADU ahead of its PDU. */
  readonly headerLength: number;
  /** Bytes of the longest ADU around a PDU of `maxPduLength` bytes. */
  maxLength(maxPduLength: number): number;
  createReader(maxPduLength: number, counters: LineCounters): FrameReader;
  /**
   * Completes the ADU at `start` around the PDU that already stands at `start + headerLength`.
   * @returns where the ADU ends.
   */
  seal(target: Uint8Array, start: number, pduLength: number, transactionId: number, unitId: number): number;
}
