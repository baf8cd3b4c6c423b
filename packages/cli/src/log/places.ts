import type { ChangedRange } from 'busbar';
import { describeRange } from '../listeners/tables.js';

type WithoutSource<T> = T extends unknown ? Omit<T, 'by'> : never;

/** A part of a unit, or a range of it. */
export type Place = WithoutSource<ChangedRange>;

/** A part of a unit, in words. */
export function describePlace(place: Place): string {
  if ('address' in place) return describeRange(place.part, place.address, place.quantity);
  if ('pointer' in place) return `FIFO queue ${place.pointer}`;
  if (place.part !== 'files') return PARTS[place.part];
  if (place.record === undefined) return `file ${place.file}`;
  const { file, record, quantity } = place;
  return `${quantity === 1 ? `record ${record}` : `records ${record}..${record + quantity - 1}`} of file ${file}`;
}

const PARTS = {
  identity: 'the identity',
  serverId: 'the server id',
  exceptionStatus: 'the exception status',
  diagnosticRegister: 'the diagnostic register',
} as const;
