import type { Simulator } from 'busbar-simulator';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import type { Logger } from './logger.js';

/** Logs what fails in a simulation, and its scenarios. */
export function logSimulation(simulator: Simulator, log: Logger): void {
  simulator.on('error', ({ message }) => log.log('error', { event: 'simulation', text: message }));
  simulator.on('scenario', ({ unit, name, state }) => {
    const text = `scenario "${name}" of ${unitName(unit)} has ${state}`;
    log.log('info', { event: 'scenario', text, ...unitFacts(unit), scenario: name, state });
  });
}
