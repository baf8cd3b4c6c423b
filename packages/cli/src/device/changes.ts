import { isDeepStrictEqual } from 'node:util';
import type { Unit } from 'busbar';
import type { Fault } from 'busbar-simulator';
import type { Setup } from '../config/setup.js';
import { unitName } from '../listeners/unit-name.js';

/** What a reload of the config has changed. */
export interface DeviceChanges {
  readonly units: {
    readonly added: readonly Unit[];
    /** As they are now: each is a new `Unit`, with the values of the one before. */
    readonly changed: readonly Unit[];
    readonly removed: readonly Unit[];
  };
  /** Whose behaviour has changed: what is simulated, reactions, scenarios, the script. */
  readonly behaviours: readonly Unit[];
  /** Names of listeners. One that has changed is closed and opened. */
  readonly listeners: { readonly opened: readonly string[]; readonly closed: readonly string[] };
  readonly faults: FaultChanges;
  /** Whether other addresses are told of events, or of other ones. */
  readonly webhooks: boolean;
  /** Keys of the config whose change only a restart applies. */
  readonly restart: readonly string[];
}

/** What has changed, in words; empty if nothing has. */
export function describeChanges({ units, behaviours, listeners, faults, webhooks }: DeviceChanges): string[] {
  const reopened = listeners.opened.filter((name) => listeners.closed.includes(name));
  const others = (names: readonly string[]) => names.filter((name) => !reopened.includes(name));
  return [
    ...units.added.map((unit) => `${unitName(unit)} added`),
    ...units.changed.map((unit) => `${unitName(unit)} changed`),
    ...units.removed.map((unit) => `${unitName(unit)} removed`),
    ...behaviours.map((unit) => `behaviour of ${unitName(unit)} changed`),
    ...reopened.map((name) => `${name} opened anew`),
    ...others(listeners.opened).map((name) => `${name} opened`),
    ...others(listeners.closed).map((name) => `${name} closed`),
    ...faults.added.map((name) => `fault "${name}" added`),
    ...faults.changed.map((name) => `fault "${name}" changed`),
    ...faults.removed.map((name) => `fault "${name}" removed`),
    ...(webhooks ? ['webhooks changed'] : []),
  ];
}

/** What a simulation has for its whole life. */
const FIXED = ['seed', 'tick', 'date'] as const;

/** Keys of the config that have changed, and that only a restart applies. */
export function restartKeys(before: Setup, after: Setup): string[] {
  const fixed = FIXED.filter((key) => before.simulation?.[key] !== after.simulation?.[key]);
  const ours = (['http', 'keep', 'share'] as const).filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return [...fixed.map((key) => `simulation.${key}`), ...ours];
}

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
