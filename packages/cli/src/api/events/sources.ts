import type { Logger } from '../../log/logger.js';
import type { Services } from '../services.js';
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

type Observed = Pick<Services, 'device' | 'changes' | 'clients' | 'traffic'>;
