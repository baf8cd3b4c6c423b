import { OptionsError, type Unit } from 'busbar';
import { checkSimulation, Faults, type SimulatedUnit, Simulator, simulateSchema, timeSchema } from 'busbar-simulator';
import { z } from 'zod';
import type { Path } from '../ground/path.js';
import type { Problem } from './problems.js';
import { behaviour } from './schema-behaviour.js';

/** What an entry of `units` says of behaviour. Everything else is let pass, whatever it is. */
const lifeSchema = z.object({
  points: z.record(z.string(), z.object({ simulate: simulateSchema.optional() })).optional(),
  ...behaviour,
});

/**
 * How the units of an unchecked config live. An entry that is wrong does nothing; the schema reports it.
 * @param units in the order of the entries.
 * @param folder against which the files of recorded values are resolved.
 */
export function livesOf(entries: readonly unknown[], units: readonly Unit[], folder: string): SimulatedUnit[] {
  return units.map((unit, i) => {
    const { points = {}, when, scenarios } = lifeSchema.safeParse(entries[i]).data ?? {};
    const simulate = Object.entries(points).flatMap(([name, { simulate }]) => (simulate ? [[name, simulate]] : []));
    return { unit, simulate: Object.fromEntries(simulate), when, scenarios, folder };
  });
}

/**
 * What only the simulator knows: names of points and faults that do not exist, formulas, files of recorded values.
 * @param faults names of those that there are.
 */
export function lifeProblems(lives: readonly SimulatedUnit[], faults: readonly string[]): Problem[] {
  const named = new Faults([...new Set(faults)].map((name) => ({ name, silence: true, active: false })));
  return problemsIn(
    () => checkSimulation(lives, named),
    ([unit = 0, ...path]) => ['units', unit, ...pathInConfig(path)],
  );
}

/** The same for the key `simulation`, which may be anything. */
export function timeProblems(simulation: unknown): Problem[] {
  const options = timeSchema.safeParse(simulation).data;
  return options === undefined
    ? []
    : problemsIn(
        () => new Simulator(options),
        (path) => ['simulation', ...path],
      );
}

function problemsIn(check: () => unknown, place: (path: Path) => Path): Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    return error.problems.map(({ path, problem }) => ({ path: place(path), message: problem }));
  }
}

/** In the config, `simulate` is a key of a point. */
function pathInConfig(path: Path): Path {
  const [key, name = '', ...rest] = path;
  return key === 'simulate' ? ['points', name, key, ...rest] : path;
}
