import type { Simulator } from 'busbar-simulator';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import type { Logger } from './logger.js';

/** Logs what fails in a simulation, and its scenarios and reactions. */
export function logSimulation(simulator: Simulator, log: Logger): void {
  simulator.on('error', ({ message }) => log.log('error', { event: 'simulation', text: message }));
  simulator.on('scenario', ({ unit, name, state }) => {
    const text = `scenario "${name}" of ${unitName(unit)}: ${state}`;
    log.log('info', { event: 'scenario', text, ...unitFacts(unit), scenario: name, state });
  });
  simulator.on('reaction', ({ unit, index, point }) => {
    const text = `reaction ${index + 1} of ${unitName(unit)}, to ${point}`;
    log.log('debug', { event: 'reaction', text, ...unitFacts(unit), index, point });
  });
}
