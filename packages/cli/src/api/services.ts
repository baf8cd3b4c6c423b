import type { DeviceChanges } from '../device/changes.js';
import type { Device } from '../device/device.js';
import type { Logger } from '../log/logger.js';
import { Clients } from './clients.js';
import { Feed } from './events/feed.js';
import { sourcesOf } from './events/sources.js';
import { LastChanges } from './last-changes.js';
import { Room } from './room.js';
import { Snapshots } from './snapshots.js';
import { Traffic } from './traffic/traffic.js';

/** Three quarters of the connections. */
const MOST_STAYING = 96;
/** Each keeps all of the traffic of its beginning in memory. */
const MOST_CAPTURES = 2;

/** What the routes answer from. */
export class Services {
  readonly device: Device;
  /** Milliseconds since 1970. */
  readonly started: number = Date.now();
  readonly changes: LastChanges;
  readonly clients: Clients;
  readonly snapshots: Snapshots;
  readonly traffic: Traffic;
  readonly feed: Feed;
  /** For streams of events, and waits. */
  readonly room = new Room(MOST_STAYING, 'read events or wait');
  /** For captures that are being sent. */
  readonly captureRoom = new Room(MOST_CAPTURES, 'load captures');
  /** Reads the config again. */
  readonly reload: () => Promise<DeviceChanges>;

  constructor(device: Device, log: Logger, reload: () => Promise<DeviceChanges>) {
    this.reload = reload;
    this.device = device;
    this.changes = new LastChanges(device);
    this.clients = new Clients(device);
    this.snapshots = new Snapshots(device);
    this.traffic = new Traffic(device);
    this.feed = new Feed(sourcesOf(this, log));
  }

  stop(): void {
    this.feed.stop();
    this.traffic.stop();
    this.changes.stop();
  }
}
