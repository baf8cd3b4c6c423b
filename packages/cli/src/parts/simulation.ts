import { type SimulatedUnit, Simulator, type SimulatorOptions } from 'busbar-simulator';
import type { Part } from '../app/part.js';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import type { Logger } from '../log/logger.js';

/** What moves the points of the units. */
export class SimulationPart implements Part {
  readonly #simulator: Simulator;

  constructor(options: SimulatorOptions, lives: readonly SimulatedUnit[], log: Logger) {
    this.#simulator = new Simulator(options);
    this.#simulator.replace(lives);
    logSimulation(this.#simulator, log);
  }

  async start(): Promise<void> {
    this.#simulator.start();
  }

  async stop(): Promise<void> {
    this.#simulator.stop();
  }
}

function logSimulation(simulator: Simulator, log: Logger): void {
  simulator.on('error', ({ message }) => log.log('error', { event: 'simulation', text: message }));
  simulator.on('scenario', ({ unit, name, state }) => {
    const text = `scenario "${name}" of ${unitName(unit)} has ${state}`;
    log.log('info', { event: 'scenario', text, ...unitFacts(unit), scenario: name, state });
  });
}
