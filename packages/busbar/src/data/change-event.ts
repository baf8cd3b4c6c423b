import type { Peer } from '../peer.js';

/**
 * Who made a change: the peer whose request it was, `'program'` for the program itself, or the name that the program
 * passed to `unit.as()`.
 */
export type ChangeSource = string | { readonly peer: Peer };

/** Parts of a unit that are single values: read the new one from the unit. */
export type StatusPart = 'identity' | 'serverId' | 'exceptionStatus' | 'diagnosticRegister';

interface BitsChanged {
  readonly part: 'coils' | 'discreteInputs';
  /** Protocol address of the first bit, 0..65535. */
  readonly address: number;
  readonly values: readonly boolean[];
  readonly previous: readonly boolean[];
}

interface RegistersChanged {
  readonly part: 'holdingRegisters' | 'inputRegisters';
  /** Protocol address of the first register, 0..65535. */
  readonly address: number;
  /** Each 0..65535. */
  readonly values: readonly number[];
  readonly previous: readonly number[];
}

interface RecordsChanged {
  readonly part: 'files';
  readonly action: 'write';
  /** File number, 1..65535. */
  readonly file: number;
  /** First record, 0..9999. */
  readonly record: number;
  /** Each 0..65535. */
  readonly values: readonly number[];
  readonly previous: readonly number[];
}

interface FileChanged {
  readonly part: 'files';
  /** A file was created, replaced or deleted. */
  readonly action: 'create' | 'delete';
  readonly file: number;
}

interface QueueMoved {
  readonly part: 'fifos';
  readonly action: 'push' | 'drain';
  /** Pointer address, 0..65535. */
  readonly pointer: number;
  /** The registers that were appended or removed, oldest first. */
  readonly values: readonly number[];
}

interface QueueChanged {
  readonly part: 'fifos';
  /** A queue was created, replaced or deleted. */
  readonly action: 'create' | 'delete';
  readonly pointer: number;
}

interface StatusChanged {
  readonly part: StatusPart;
}

/** A change. */
export type Change =
  | BitsChanged
  | RegistersChanged
  | RecordsChanged
  | FileChanged
  | QueueMoved
  | QueueChanged
  | StatusChanged;

/** A change of something that is not a range of a table or a file. */
export type WholeChange = Exclude<Change, { previous: unknown }>;

/** Who changed it, and when. */
export interface Circumstances {
  readonly by: ChangeSource;
  /** Milliseconds since 1970, as `Date.now()`. */
  readonly time: number;
}

/** A run of values of a unit, or a part of it that changes as a whole. */
export type Place =
  | {
      readonly part: 'coils' | 'discreteInputs' | 'holdingRegisters' | 'inputRegisters';
      address: number;
      quantity: number;
    }
  | { readonly part: 'files'; readonly file: number; record: number; quantity: number }
  /** A file that was created, replaced or deleted. */
  | { readonly part: 'files'; readonly file: number; record?: undefined; quantity?: undefined }
  | { readonly part: 'fifos'; readonly pointer: number }
  | { readonly part: StatusPart };

/** The place of a change. */
export function placeOf(change: Change): Place {
  if ('address' in change) return { part: change.part, address: change.address, quantity: change.values.length };
  if ('pointer' in change) return { part: change.part, pointer: change.pointer };
  if (change.part !== 'files') return { part: change.part };
  if (change.action !== 'write') return { part: change.part, file: change.file };
  return { part: change.part, file: change.file, record: change.record, quantity: change.values.length };
}

/**
 * The changed part of a unit, and who changed it last. The values are in the unit. A file without `record` has changed
 * as a whole.
 */
export type ChangedRange = Readonly<Place> & { readonly by: ChangeSource };

/** Whether two changes have the same source. */
export function isSameSource(a: ChangeSource, b: ChangeSource): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.peer === b.peer;
}
