import type { Device } from '../../device/device.js';
import type { Logger } from '../../log/logger.js';
import type { Clients } from '../clients.js';
import type { LastChanges } from '../last-changes.js';
import type { Traffic } from '../traffic/traffic.js';
import { ChangesSource } from './changes.js';
import { connectSource, disconnectSource } from './connections.js';
import { faultSource } from './faults.js';
import type { Source } from './feed.js';
import { logSource } from './log.js';
import { ratesSource } from './rates.js';
import { requestSource } from './requests.js';
import { simulationSource } from './simulation.js';
import { WritesSource } from './writes.js';

/** All that a feed can tell of. */
export function sourcesOf({ device, changes, clients, traffic }: Observed, log: Logger): Source[] {
  return [
    new ChangesSource(device, changes),
    new WritesSource(device),
    connectSource(clients),
    disconnectSource(clients),
    requestSource(traffic),
    faultSource(device.faults),
    simulationSource(device),
    logSource(log),
    ratesSource(device, clients),
  ];
}

interface Observed {
  readonly device: Device;
  readonly changes: LastChanges;
  readonly clients: Clients;
  readonly traffic: Traffic;
}
