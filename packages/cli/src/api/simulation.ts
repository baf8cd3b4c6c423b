import type { Unit } from 'busbar';
import type { Simulator } from 'busbar-simulator';
import type { Simulation } from './contract.js';
import { keyOf } from './units.js';

export function simulationToJson(simulator: Simulator, units: readonly Unit[]): Simulation {
  const { running, speed, seed, time, date, tick, scenarios, moving } = simulator;
  return {
    running,
    speed,
    seed,
    time,
    date: date.getTime(),
    tick,
    scenarios: scenarios.map((each) => ({ unit: keyOf(each.unit, units), name: each.name, running: each.running })),
    moving: moving.length,
  };
}
