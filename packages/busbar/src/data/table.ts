import type { Changes } from './changes.js';
import type { ServedRequest } from './request.js';

/**
 * A table as functions use it. Wire form: registers big-endian, bits packed LSB first. A promise comes from a user's
 * handler; the effect or the bytes are there when it resolves.
 */
export interface Table {
  /** An index for `read` if the whole range exists, else -1. */
  locate(address: number, quantity: number): number;
  /** Puts the range in wire form at `target[at]`. */
  read(index: number, quantity: number, target: Uint8Array, at: number, request: ServedRequest): void | Promise<void>;
  /** Writes an existing range, given in wire form at `source[at]`. */
  write(
    address: number,
    quantity: number,
    source: Uint8Array,
    at: number,
    request: ServedRequest,
  ): void | Promise<void>;
  /** From now on, `changes` makes all changes of the part in memory. */
  belongTo?(changes: Changes): void;
  /** All of it is in memory, without handlers. */
  readonly inMemory: boolean;
  /** Which parts are in memory; undefined if all are. */
  readonly parts?: TableParts;
}

/** The parts of a table with users' handlers. */
export interface TableParts {
  /** Whether the whole range is in memory. */
  isStored(address: number, quantity: number): boolean;
  /** False if a part of the range lacks a write handler. */
  isWritable(address: number, quantity: number): boolean;
}
