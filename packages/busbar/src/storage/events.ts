import type { Place } from '../data/change-event.js';
import type { Unit } from '../data/unit.js';
import type { BusbarError, StorageError } from '../errors.js';

/** Kept values that the unit has no place for any more: a range of a table or a file, or a part as a whole. */
export type DroppedEvent = { readonly unit: Unit } & Readonly<Place>;

/** What has been put back into a unit. */
export interface Restored {
  /** How many registers, records and bits, and other parts, got what was kept of them. */
  readonly values: number;
  readonly dropped: readonly DroppedEvent[];
}

/** Events of a storage. What a listener throws is an `error`. */
export interface StorageEvents {
  /** The store has failed. With `durable`, clients' writes get exception 04 until `recovered`; reads go on. */
  failed: [event: { readonly error: StorageError }];
  /** The store works again, and all values are on disk. */
  recovered: [event: Record<never, never>];
  /** Kept values that a unit has no place for any more are forgotten; once for each range. */
  dropped: [event: DroppedEvent];
  /** A listener of the storage has failed; without a listener for `error` it is a process warning. */
  error: [error: BusbarError];
}

/** `closed`: nothing is kept any more. */
export type StorageState = 'ready' | 'failing' | 'closed';
