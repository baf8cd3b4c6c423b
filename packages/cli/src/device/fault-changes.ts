import type { Fault } from 'busbar-simulator';

/** Names of faults that a reload has changed. */
export interface FaultChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** One that is the same in both lists has gone on. */
export function faultChanges(before: readonly Fault[], after: readonly Fault[]): FaultChanges {
  const names = (faults: readonly Fault[]) => new Set(faults.map(({ name }) => name));
  const [had, has] = [names(before), names(after)];
  const fresh = after.filter((fault) => !before.includes(fault));
  return {
    added: fresh.filter(({ name }) => !had.has(name)).map(({ name }) => name),
    changed: fresh.filter(({ name }) => had.has(name)).map(({ name }) => name),
    removed: [...had].filter((name) => !has.has(name)),
  };
}
