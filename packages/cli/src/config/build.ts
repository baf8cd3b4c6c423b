import { checkServerOptions, OptionsError, Unit, type UnitOptions } from 'busbar';
import type { Path } from '../ground/path.js';
import { type Listener, listenerSchema } from '../listeners/schema.js';
import { type BoundServer, makeServer, type SharedOptions } from '../listeners/server.js';
import { inFolder } from './files.js';
import { entries, valueAt } from './parts.js';
import type { Problem } from './problems.js';
import { configSchema } from './schema.js';
import { branchFor } from './schema-place.js';
import { servedPlaces } from './served.js';

/** What the library has made of a config, and what it found wrong. */
export interface Built {
  /** By their place in the config; undefined: it is wrong. */
  units: (Unit | undefined)[];
  servers: BoundServer[];
  shared: SharedOptions;
  problems: Problem[];
}

/** Gives a config to the library, which checks it whatever it holds. @param folder where files are that it names. */
export function build(config: unknown, folder: string, wait: boolean): Built {
  const problems: Problem[] = [];
  const attempt = <T>(path: Path, make: () => T): T | undefined => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof OptionsError)) throw error;
      problems.push(...placed(error, path));
      return undefined;
    }
  };
  const shared = { ...attempt([], () => checkedShared(config)), wait };
  const options = entries(config, 'units');
  const units = options.map((unit, i) => attempt(['units', i], () => new Unit(unit as UnitOptions)));
  const servers = entries(config, 'listen').flatMap((listener, i) => {
    if (!isOfKnownType(listener)) return [];
    const served = servedPlaces(listener, options).flatMap((place) => units[place] ?? []);
    return attempt(['listen', i], () => makeServer(inFolder(listener, folder), served, shared)) ?? [];
  });
  return { units, servers, shared, problems };
}

/** Which units a listener serves is checked by `servedProblems`, which knows them by their names in the config. */
function placed({ problems }: OptionsError, before: Path): Problem[] {
  const own = before[0] === 'listen' ? problems.filter(({ path }) => path[0] !== 'units') : problems;
  return own.map(({ path, problem }) => ({ path: [...before, ...path], message: problem }));
}

/** What all listeners share, as far as the schema has no objection. */
function checkedShared(config: unknown) {
  const { identity, unknownUnit } = configSchema.shape;
  const shared = {
    identity: identity.safeParse(valueAt(config, 'identity')).data,
    unknownUnit: unknownUnit.safeParse(valueAt(config, 'unknownUnit')).data,
  };
  checkServerOptions(shared);
  return shared;
}

/** The library has a server for it. The rest of it may be wrong. */
function isOfKnownType(listener: unknown): listener is Listener {
  return branchFor(listenerSchema, listener) !== listenerSchema;
}
