import { Unit } from 'busbar';
import { startTcpServerSync } from 'busbar/sync';
import type { Connector } from '../conformance/connector.js';
import { REFUSING_UNIT_ID } from '../conformance/vectors/counters.js';
import { MbapClient } from './mbap-client.js';
import { mbapPeer } from './tcp-connector.js';

/** A synchronous server. Its handlers come from a module: the unit that has them here has nothing there. */
export const syncConnector: Connector = {
  async start({ units, ...options }) {
    const crossing = units.map((unit: Unit) => (unit.id === REFUSING_UNIT_ID ? new Unit({ id: unit.id }) : unit));
    const module = new URL('../sync/modules/refusing.mjs', import.meta.url);
    const server = startTcpServerSync({
      ...options,
      units: crossing,
      port: 0,
      module: hasRefusing(units) ? module : undefined,
    });
    const port = server.address()?.port ?? 0;
    return {
      open: async () => mbapPeer(await MbapClient.connect({ host: '127.0.0.1', port })),
      close: async () => server.stop(),
    };
  },
};

function hasRefusing(units: Unit[]): boolean {
  return units.some(({ id }) => id === REFUSING_UNIT_ID);
}
