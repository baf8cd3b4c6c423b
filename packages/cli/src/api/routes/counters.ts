import type { Handlers } from '../handlers.js';
import { listenerName } from '../listener-name.js';
import type { Services } from '../services.js';
import { keyOf } from '../units.js';

export function counterRoutes({ device }: Services): Handlers<'getCounters'> {
  return {
    getCounters: () => ({
      listeners: Object.fromEntries(
        device.boundServers.map((bound) => [listenerName(bound), { ...bound.server.counters }]),
      ),
      units: Object.fromEntries(device.units.map((unit) => [keyOf(unit, device.units), { ...unit.counters }])),
    }),
  };
}
