import { OptionsError, Unit, type UnitOptions } from 'busbar';
import type { Path } from '../ground/path.js';
import type { Listener } from '../listeners/schema.js';
import { type BoundServer, DEFAULT_LISTENER, makeServer, type SharedOptions } from '../listeners/server.js';
import { inFolder } from './files.js';
import { entries } from './parts.js';
import type { Problem } from './problems.js';
import { emptyRules } from './rules.js';
import type { ConfigUnit } from './schema.js';
import { servedPlaces } from './served.js';

/** An entry of a list that the schema has no objection to is what the schema describes. */
function isSound<T>(_entry: unknown, [list, place]: Path, problems: readonly Problem[]): _entry is T {
  return !problems.some(({ path }) => path[0] === list && path[1] === place);
}

/** Makes the units of a config; what the library refuses in those without a problem becomes one. */
export function buildUnits(config: unknown, problems: Problem[]): Unit[] {
  return entries(config, 'units').flatMap((options, i) =>
    isSound<ConfigUnit>(options, ['units', i], problems) ? buildUnit(options, ['units', i], problems) : [],
  );
}

function buildUnit(options: ConfigUnit, path: Path, problems: Problem[]): Unit[] {
  // The library checks again what the schema cannot say in types.
  const units = attempt(() => new Unit(options as UnitOptions), path, problems);
  problems.push(...units.flatMap((unit) => emptyRules(unit, options, path)));
  return units;
}

/**
 * The same for the listeners. What they share is checked first, and so reported once, with listeners or without. Where something is
 * wrong elsewhere, they are made all the same, to see what is wrong with them.
 */
export function buildServers(
  config: unknown,
  units: readonly Unit[],
  shared: SharedOptions,
  folder: string,
  problems: Problem[],
): BoundServer[] {
  const sound = problems.length === 0;
  const [checked] = attempt(() => makeServer(DEFAULT_LISTENER, [STAND_IN], shared), [], problems);
  return entries(config, 'listen').flatMap((listener, i) => {
    if (!isSound<Listener>(listener, ['listen', i], problems)) return [];
    const served = servedPlaces(listener, entries(config, 'units')).map((place) => units[place]);
    const make = () =>
      makeServer(
        inFolder(listener, folder),
        sound ? served : [STAND_IN],
        checked === undefined ? { wait: shared.wait } : shared,
      );
    return attempt(make, ['listen', i], problems);
  });
}

/** For servers that are made to be checked only. */
const STAND_IN = new Unit({ id: 1 });

function attempt<T>(make: () => T, prefix: Path, problems: Problem[]): T[] {
  try {
    return [make()];
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    problems.push(...optionProblems(error, prefix));
    return [];
  }
}

/** What the library refused, placed in the config: `prefix` leads to the options that it was given. */
function optionProblems({ problems }: OptionsError, prefix: Path): Problem[] {
  return problems.map(({ path, problem }) => ({ path: [...prefix, ...path], message: problem }));
}
