import { OptionsError } from 'busbar';
import { parseDuration, type Simulator } from 'busbar-simulator';
import type { SimulationChange } from '../contract.js';
import type { Handlers } from '../handlers.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { simulationToJson } from '../simulation.js';
import { inTurns, type Work } from '../turns.js';

type Routes = Handlers<'getSimulation' | 'patchSimulation' | 'postScenario'>;

/** Milliseconds that may be stepped at once: it takes a while. */
const LONGEST_STEP = 3_600_000;
/** In milliseconds. */
const QUICK = 1;

export function simulationRoutes({ device }: Services): Routes {
  return {
    getSimulation: () => simulationToJson(simulatorOf(device), device.units),
    async patchSimulation({ body }) {
      const simulator = simulatorOf(device);
      await change(simulator, body);
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
async function change(simulator: Simulator, { running, speed, step }: SimulationChange): Promise<void> {
  const time = step === undefined ? undefined : parseDuration(step, ['step']);
  if (time !== undefined && time > LONGEST_STEP) throw new ApiProblem(422, `step: expected at most 1h, found ${step}`);
  if (speed !== undefined) simulator.speed = speed;
  if (running === true) simulator.resume();
  if (running === false) simulator.pause();
  if (time !== undefined) await inTurns(advance(simulator, time));
}

/**
 * Lets a long time pass bit by bit, so that serving goes on. A bit is as long as is quickly done: some simulations take
 * long for each tick, and others nearly nothing for many ticks at once.
 */
function* advance(simulator: Simulator, time: number): Work<void> {
  let [left, bit] = [time, simulator.tick];
  while (left > 0) {
    const start = performance.now();
    simulator.advance(Math.min(bit, left));
    left -= bit;
    bit = performance.now() - start < QUICK ? bit * 2 : Math.max(simulator.tick, bit / 2);
    yield;
  }
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
