import { type ChecksTo, checkInteger, integer } from '../checks.js';
import { ADDRESS_COUNT } from './limits.js';

/** A run of neighbouring addresses. */
export interface Range {
  /** Protocol address of the first item, counted from 0. */
  readonly start: number;
  readonly count: number;
}

/** The numbers that blocks may have: from `first` up to, but excluding, `end`. */
export interface Numbering {
  readonly first: number;
  readonly end: number;
}

const FROM_ZERO: Numbering = { first: 0, end: ADDRESS_COUNT };

/** Checks of `start` and `count`. */
export function rangeChecks({ first, end }: Numbering = FROM_ZERO): ChecksTo<Range> {
  return {
    start: integer(first, end - 1),
    count: (count, path, { start }) => checkInteger(count, 1, roomFrom(start, { first, end }), path),
  };
}

/** How many items fit from `start` on; `start` may be invalid itself. */
export function roomFrom(start: unknown, { first, end }: Numbering): number {
  return end - (typeof start === 'number' && start > first && start < end ? Math.trunc(start) : first);
}
