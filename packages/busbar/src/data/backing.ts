import type { Peer } from '../peer.js';
import type { TableName } from '../protocol/tables.js';
import type { ChangeSource, WholeChange } from './change-event.js';

/** What stands behind a unit's memory: it puts writes down on disk, or agrees on them with other machines. */
export interface Backing {
  /** Its name in messages, such as `a store`. */
  readonly name: string;
  /**
   * Carries out a client's request that writes. The client gets its reply when the result is there. To refuse it, throw
   * or reject with a `ModbusException`. Absent: such requests are answered from memory at once, without a promise.
   */
  readonly write?: ((request: BackedRequest) => number | Promise<number>) | undefined;
  /** The same for a request that only reads. It may come and go. */
  read?: ((request: BackedRequest) => number | Promise<number>) | undefined;
  /**
   * Hears of every change of the unit's memory, by whomever, right after it is made and ahead of all event listeners.
   * It must not throw.
   * @param requested a client's request has made it.
   */
  changed?(change: MemoryChange, by: ChangeSource, requested: boolean): void;
}

/** A request to a unit with a backing. */
export interface BackedRequest {
  readonly peer: Peer;
  /** The connection, or a datagram's source. Requests of one owner are answered in order. */
  readonly owner: unknown;
  /** What it writes may depend on what is there, as that of a mask write does. */
  readonly functionCode: number;
  /** It runs a user's code, a custom function or handlers: `run` may return a promise, and there is no rehearsal. */
  readonly custom: boolean;
  /**
   * Carries it out in memory, and writes the reply. It never throws or rejects. To be called once.
   * @returns the length of the reply PDU; negative: refused with that exception code; 0: silence.
   */
  run(): number | Promise<number>;
  /** Carries it out, notes its changes, and takes them back; nobody hears of it. Only if not `custom`. */
  rehearse(): { readonly result: number; readonly changes: readonly Rehearsed[] };
}

/**
 * A run of wire bytes that a request would change: big-endian words, or one byte (0 or 1) per bit. With tables that are
 * one memory, they are those of `holdingRegisters`. `before` and `after` are copies of the same length.
 */
export type Rehearsed =
  | { readonly part: TableName; readonly address: number; readonly before: Uint8Array; readonly after: Uint8Array }
  | {
      readonly part: 'files';
      readonly file: number;
      readonly record: number;
      readonly before: Uint8Array;
      readonly after: Uint8Array;
    };

/** A change that is made: of words or bits, with their bytes, or of something else. */
export type MemoryChange = Rehearsed | WholeChange;
