import { isDeepStrictEqual } from 'node:util';
import type { Device } from '../../device/device.js';
import type { Simulation } from '../contract.js';
import { simulationToJson } from '../simulation.js';
import type { Source } from './feed.js';

/** Milliseconds after which a change is told of at the latest. */
const INTERVAL = 1000;

/** What changes in the simulation, beside its time. */
export function simulationSource(device: Device): Source {
  const { simulator } = device;
  return {
    type: 'simulation',
    start(publish) {
      let last = withoutTime(simulationToJson(simulator, device.units));
      const look = () => {
        const present = simulationToJson(simulator, device.units);
        if (isDeepStrictEqual(withoutTime(present), last)) return;
        last = withoutTime(present);
        publish('simulation', present);
      };
      const timer = setInterval(look, INTERVAL).unref();
      simulator.on('scenario', look);
      return () => {
        clearInterval(timer);
        simulator.off('scenario', look);
      };
    },
  };
}

function withoutTime({ time, date, ...rest }: Simulation): Omit<Simulation, 'time' | 'date'> {
  return rest;
}
