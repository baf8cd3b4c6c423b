import { version } from '../../ground/version.js';
import type { Handlers } from '../handlers.js';
import { sharingToJson, storageToJson } from '../lasting.js';
import { listenerToJson } from '../listeners.js';
import type { Services } from '../services.js';
import { simulationToJson } from '../simulation.js';
import { keyOf } from '../units.js';

export function rootRoutes({ device, started }: Services): Handlers<'getRoot'> {
  return {
    getRoot({ writable }) {
      const { file = null, units, boundServers, faults, simulator } = device;
      return {
        version: version(),
        started,
        config: file,
        writable,
        listeners: boundServers.map((bound) => listenerToJson(bound, device)),
        units: units.map((unit) => ({
          key: keyOf(unit, units),
          id: unit.id,
          ...(unit.name !== undefined && { name: unit.name }),
          points: Object.keys(unit.points).length,
        })),
        faults: { active: faults.list.filter(({ active }) => active).length, all: faults.list.length },
        simulation: simulator.units.length === 0 ? null : simulationToJson(simulator, units),
        storage: storageToJson(device),
        sharing: sharingToJson(device),
      };
    },
  };
}
