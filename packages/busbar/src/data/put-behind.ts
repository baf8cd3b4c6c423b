import { StateError } from '../errors.js';
import type { Backing } from './backing.js';
import { device } from './device.js';
import type { Unit } from './unit.js';

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
