import type { Simulator } from 'busbar-simulator';
import { causePlace } from '../ground/thrown.js';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import type { Logger } from './logger.js';

/** Logs what fails in a simulation, and its scenarios and reactions. @param code tells the files of the user's code. */
export function logSimulation(simulator: Simulator, log: Logger, code: () => readonly string[]): void {
  simulator.on('error', (error) =>
    log.log('error', { event: 'simulation', text: `${error.message}${causePlace(error, code())}` }),
  );
  simulator.on('scenario', ({ unit, name, state }) => {
    const text = `scenario "${name}" of ${unitName(unit)}: ${state}`;
    log.log('info', { event: 'scenario', text, ...unitFacts(unit), scenario: name, state });
  });
  simulator.on('reaction', ({ unit, index, point }) => {
    const text = `reaction ${index + 1} of ${unitName(unit)}, to ${point}`;
    log.log('debug', { event: 'reaction', text, ...unitFacts(unit), index, point });
  });
}
