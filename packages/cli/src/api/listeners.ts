import type { Device } from '../device/device.js';
import { formatListener } from '../listeners/place.js';
import type { BoundServer } from '../listeners/server.js';
import type { Listener } from './contract.js';
import { listenerName } from './listener-name.js';
import { keyOf } from './units.js';

export function listenerToJson(bound: BoundServer, { units }: Pick<Device, 'units'>): Listener {
  const { listener, server, awaits } = bound;
  const state = awaits === undefined ? 'listening' : 'waiting';
  return {
    name: listenerName(bound),
    type: listener.type,
    place: formatListener({ ...listener, name: undefined }),
    units: bound.units.map((unit) => keyOf(unit, units)),
    state: server.listening ? state : 'closed',
  };
}

/** What clients may connect to: a serial port that is waited for is not. */
export function isUp({ server, awaits }: BoundServer): boolean {
  return server.listening && awaits === undefined;
}
