import { Ajv } from 'ajv';
import { OptionsError, Unit, type UnitOptions } from 'busbar';
import { type BoundServer, DEFAULT_LISTENER, makeServer } from '../device.js';
import { problemText } from '../options-problem.js';
import { inFolder } from './files.js';
import type { Path, Problem } from './problems.js';
import { unitSchema } from './schema-unit.js';
import { servedPlaces } from './served.js';
import type { Config } from './types.js';

const isUnitOptions = new Ajv({ allowUnionTypes: true }).compile<UnitOptions>(unitSchema);

/** Makes the units of a config; what the library refuses in those without a problem becomes one. */
export function buildUnits(config: unknown, problems: Problem[]): Unit[] {
  const list: unknown = typeof config === 'object' && config !== null && 'units' in config ? config.units : [];
  return (Array.isArray(list) ? list : []).flatMap((options: unknown, i) => {
    const known = problems.some(({ path }) => path[0] === 'units' && path[1] === i);
    return known || !isUnitOptions(options) ? [] : attempt(() => new Unit(options), ['units', i], problems);
  });
}

/** Where files are looked up, and whether missing serial ports are waited for. */
interface Surroundings {
  folder: string;
  wait: boolean;
}

/** The same for the listeners. What they share is checked first, and so reported once, with listeners or without. */
export function buildServers(
  config: Config,
  units: Unit[],
  { folder, wait }: Surroundings,
  problems: Problem[],
): BoundServer[] {
  if (problems.length > 0) return [];
  const shared = { ...config, wait };
  attempt(() => makeServer(DEFAULT_LISTENER, units.slice(0, 1), shared), [], problems);
  if (problems.length > 0) return [];
  return (config.listen ?? []).flatMap((listener, i) => {
    const served = servedPlaces(listener, config.units).map((place) => units[place]);
    return attempt(() => makeServer(inFolder(listener, folder), served, shared), ['listen', i], problems);
  });
}

function attempt<T>(make: () => T, prefix: Path, problems: Problem[]): T[] {
  try {
    return [make()];
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    problems.push(optionsProblem(error, prefix));
    return [];
  }
}

/** What the library refused, placed in the config: `prefix` leads to the options that it was given. */
function optionsProblem(error: OptionsError, prefix: Path): Problem {
  return { path: [...prefix, ...error.path], message: problemText(error) };
}
