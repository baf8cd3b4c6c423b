import type { RequestContext } from './request.js';

/** The four tables of the Modbus data model (AP, clause 4.3). */
export const TABLE_NAMES = ['coils', 'discreteInputs', 'holdingRegisters', 'inputRegisters'] as const;
export type TableName = (typeof TABLE_NAMES)[number];

/**
 * What a function needs of a table. Wire form: registers big-endian, bits packed LSB first.
 * A promise means that a user's handler is still at it; the effect or the bytes are there when it resolves.
 */
export interface Table {
  /** An index for `read` and `write` if the whole range exists, else -1. */
  locate(address: number, quantity: number): number;
  /** Puts the range in wire form at `target[at]`. */
  read(index: number, quantity: number, target: Uint8Array, at: number, request: RequestContext): void | Promise<void>;
  /** Takes the range in wire form from `source[at]`. */
  write(index: number, quantity: number, source: Uint8Array, at: number, request: RequestContext): void | Promise<void>;
  /** False where a user's handler answers instead of memory. */
  readonly inMemory: boolean;
  /** False for a user's table without a write handler. */
  readonly writable: boolean;
}
