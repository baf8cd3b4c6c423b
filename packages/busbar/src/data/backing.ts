import { StateError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { TableName } from '../protocol/tables.js';
import type { ChangeSource, WholeChange } from './change-event.js';
import { device } from './device.js';
import type { Unit } from './unit.js';

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

/** @throws StateError `UNIT_BACKED` if the unit has a backing. @param what cannot have the unit, for the message. */
export function requireUnbacked(unit: Unit, what: string): void {
  const { backing } = unit[device];
  if (backing === undefined) return;
  throw new StateError('UNIT_BACKED', `unit ${unit.id}: ${backing.name} keeps its values, so ${what} cannot have it`);
}

/**
 * Puts a backing behind a unit's memory.
 * @returns takes it away again.
 * @throws StateError `UNIT_BACKED` if the unit has one, `UNIT_SHARED` while a synchronous server serves it.
 */
export function putBehind(unit: Unit, backing: Backing): () => void {
  const internals = unit[device];
  const { changes } = internals;
  requireUnbacked(unit, backing.name);
  if (changes.guard !== undefined) {
    throw new StateError('UNIT_SHARED', `unit ${unit.id}: a synchronous server serves it, so ${backing.name} cannot`);
  }
  const put = (behind: Backing | undefined) => {
    internals.backing = behind;
    changes.backing = behind;
  };
  put(backing);
  return () => {
    if (internals.backing === backing) put(undefined);
  };
}
