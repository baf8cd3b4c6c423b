export { ConfigError, type PlacedProblem } from './config/problems.js';
export type { DeviceChanges } from './device/changes.js';
export { Device, type DeviceEvents, type DeviceModule } from './device/device.js';
export { type LoadOptions, loadDevice } from './device/load-device.js';
export { ModuleError } from './device/module.js';
export { OpenError } from './device/open.js';
export type { Listener } from './listeners/schema.js';
export type { BoundServer } from './listeners/server.js';
