import { ListenError } from 'busbar';
import type { BoundServer } from '../listeners/server.js';
import { unitListed } from '../listeners/unit-name.js';
import type { Logger } from '../log/logger.js';

/** Starts every listener, or none: when one fails the others are closed. @returns whether they all listen. */
export async function listenAll(servers: readonly BoundServer[], log: Logger): Promise<boolean> {
  for (const bound of servers) {
    try {
      await bound.server.listen();
      tellListening(bound, log);
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      await Promise.all(servers.map(({ server }) => server.close()));
      log.fail({ event: 'listenFailed', text: error.message, listener: bound.name, code: error.code });
      return false;
    }
  }
  return true;
}

function tellListening({ listener, name, units, awaits }: BoundServer, log: Logger): void {
  const place = 'path' in listener ? { path: listener.path } : { host: listener.host, port: listener.port };
  const text = awaits === undefined ? `${name} listens` : `${name} waits for its port`;
  const facts = { listener: name, type: listener.type, ...place, units: units.map(unitListed) };
  log.announce({ event: 'listening', text, ...facts });
}
