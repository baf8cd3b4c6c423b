import type { Clients } from '../clients.js';
import type { Client } from '../contract.js';
import type { Source } from './feed.js';

/** Clients that come. */
export function connectSource(clients: Clients): Source {
  return {
    type: 'connect',
    start(publish) {
      const come = (client: Client) => publish('connect', client);
      clients.on('connect', come);
      return () => clients.off('connect', come);
    },
  };
}

/** Clients that go. */
export function disconnectSource(clients: Clients): Source {
  return {
    type: 'disconnect',
    start(publish) {
      const go = (client: Client, reason: string | undefined) => {
        publish('disconnect', reason === undefined ? client : { ...client, reason });
      };
      clients.on('disconnect', go);
      return () => clients.off('disconnect', go);
    },
  };
}
