import { OptionsError } from 'busbar';
import { parseDuration, type Simulator } from 'busbar-simulator';
import type { SimulationChange } from '../contract.js';
import type { Handlers } from '../handlers.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { simulationToJson } from '../simulation.js';

type Routes = Handlers<'getSimulation' | 'patchSimulation' | 'postScenario'>;

/** Milliseconds that may be stepped at once: the command serves nobody meanwhile. */
const LONGEST_STEP = 3_600_000;

export function simulationRoutes({ device }: Services): Routes {
  return {
    getSimulation: () => simulationToJson(simulatorOf(device), device.units),
    patchSimulation({ body }) {
      const simulator = simulatorOf(device);
      change(simulator, body);
      return simulationToJson(simulator, device.units);
    },
    postScenario({ params }) {
      const simulator = simulatorOf(device);
      run(simulator, params.name);
      return simulationToJson(simulator, device.units);
    },
  };
}

function simulatorOf({ simulator }: Services['device']): Simulator {
  if (simulator.units.length > 0) return simulator;
  throw new ApiProblem(404, 'nothing is simulated here: the config has no simulate, when, scenarios or script');
}

/** All of it is checked before the first effect. */
function change(simulator: Simulator, { running, speed, step }: SimulationChange): void {
  const time = step === undefined ? undefined : parseDuration(step, ['step']);
  if (time !== undefined && time > LONGEST_STEP) throw new ApiProblem(422, `step: expected at most 1h, found ${step}`);
  if (speed !== undefined) simulator.speed = speed;
  if (running === true) simulator.resume();
  if (running === false) simulator.pause();
  if (time !== undefined) simulator.advance(time);
}

function run(simulator: Simulator, name: string): void {
  try {
    simulator.run(name);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    const allowed = simulator.scenarios.map(({ unit, name: each }) => `${unit.name ?? `unit${unit.id}`}.${each}`);
    throw new ApiProblem(404, error.problems.map(({ problem }) => problem).join('; '), { allowed });
  }
}
