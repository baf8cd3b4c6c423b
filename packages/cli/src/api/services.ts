import type { DeviceChanges } from '../device/changes.js';
import type { Device } from '../device/device.js';
import { Clients } from './clients.js';
import { LastChanges } from './last-changes.js';
import { Snapshots } from './snapshots.js';

/** What the routes answer from. */
export class Services {
  readonly device: Device;
  /** Milliseconds since 1970. */
  readonly started: number = Date.now();
  readonly changes: LastChanges;
  readonly clients: Clients;
  readonly snapshots: Snapshots;

  /** Reads the config again. */
  readonly reload: () => Promise<DeviceChanges>;

  constructor(device: Device, reload: () => Promise<DeviceChanges>) {
    this.reload = reload;
    this.device = device;
    this.changes = new LastChanges(device);
    this.clients = new Clients(device);
    this.snapshots = new Snapshots(device);
  }

  stop(): void {
    this.changes.stop();
    this.clients.stop();
  }
}
