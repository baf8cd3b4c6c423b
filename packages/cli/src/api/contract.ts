// The contract of the HTTP API: the schemas and types of all that goes over it. It imports nothing but zod.
export type { Point, Range, Snapshot, Unit } from './contract/device.js';
export { API_PATH, type Route, routes } from './contract/routes.js';
export type {
  AddedFault,
  Client,
  Fault,
  Listener,
  Peer,
  Problem,
  Root,
  Sharing,
  Simulation,
  SimulationChange,
  Storage,
} from './contract/state.js';
export {
  EVENT_TYPES,
  type EventData,
  type EventType,
  type Exchange,
  eventSchemas,
  type PointChange,
  type TrafficQuery,
  type Wait,
  type Waited,
} from './contract/traffic.js';
export type { Table, TableWord, UnitKey, Value } from './contract/values.js';
