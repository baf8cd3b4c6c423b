export { parseDuration } from './duration.js';
export type { FaultClock } from './faults/clock.js';
export type { FaultEvents, FaultInjected, FaultSwitched } from './faults/events.js';
export type { Fault, SwitchReason } from './faults/fault.js';
export { checkFaults, Faults, type FaultsOptions } from './faults/faults.js';
export type { Place } from './faults/match.js';
export { type FaultOptions, faultSchema } from './faults/schema.js';
export { Random } from './random.js';
