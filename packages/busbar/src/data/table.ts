import type { Range } from './blocks.js';
import type { ServedRequest } from './request.js';

/**
 * What a function needs of a table. Wire form: registers big-endian, bits packed LSB first.
 * A promise means that a user's handler is still at it; the effect or the bytes are there when it resolves.
 */
export interface Table {
  /** An index for `read` and `write` if the whole range exists, else -1. */
  locate(address: number, quantity: number): number;
  /** Puts the range in wire form at `target[at]`. */
  read(index: number, quantity: number, target: Uint8Array, at: number, request: ServedRequest): void | Promise<void>;
  /**
   * Takes the range in wire form from `source[at]`.
   * @param storing is called when memory is about to change, if it is going to.
   */
  write(
    index: number,
    quantity: number,
    source: Uint8Array,
    at: number,
    request: ServedRequest,
    storing?: () => void,
  ): void | Promise<void>;
  /** All of it is in memory: no user's handler answers. */
  readonly inMemory: boolean;
  /** Which parts of it are; undefined if all of it is in memory. */
  readonly parts?: TableParts;
}

/** Of a table that users' handlers answer, or a part of it. */
export interface TableParts {
  /** No handler has to be asked about this range. */
  isStored(address: number, quantity: number): boolean;
  /** What of an existing range is in memory. */
  storedParts(address: number, quantity: number): readonly Range[];
  /** False if a part of the range has no write handler. */
  isWritable(address: number, quantity: number): boolean;
}
