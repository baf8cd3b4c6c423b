import { isAbsolute, join } from 'node:path';
import { checkServerOptions, OptionsError, Unit, type UnitOptions } from 'busbar';
import type { Path } from '../ground/path.js';
import { type Listener, listenerSchema } from '../listeners/schema.js';
import { type BoundServer, type GivenOptions, makeServer, type SharedOptions } from '../listeners/server.js';
import { entries, valueAt } from './parts.js';
import type { Problem } from './problems.js';
import { configSchema } from './schema.js';
import { behaviour } from './schema-behaviour.js';
import { branchFor } from './schema-place.js';
import { lasting } from './schema-unit.js';
import { servedPlaces } from './served.js';

/** The units and servers of a config, and the problems that the library found. */
export interface Built {
  /** In the order of the config; undefined for one that is wrong. */
  units: (Unit | undefined)[];
  servers: BoundServer[];
  shared: SharedOptions;
  problems: Problem[];
}

/**
 * Gives an unchecked config to the library, which checks it. @param folder against which its file names are resolved.
 */
export function build(config: unknown, folder: string, given: GivenOptions): Built {
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
  const shared = { ...attempt([], () => checkedShared(config)), ...given };
  const options = entries(config, 'units');
  const units = options.map((unit, i) => attempt(['units', i], () => makeUnit(unit)));
  const servers = entries(config, 'listen').flatMap((listener, i) => {
    if (!isOfKnownType(listener)) return [];
    const served = servedPlaces(listener, options).flatMap((place) => units[place] ?? []);
    return attempt(['listen', i], () => makeServer(inFolder(listener, folder), served, shared, i + 1)) ?? [];
  });
  return { units, servers, shared, problems };
}

/** The unit that an entry of the config describes. @throws OptionsError */
export function makeUnit(entry: unknown): Unit {
  return new Unit(deviceOf(entry));
}

/** Leaves out the units of listeners: `servedProblems` checks them, and knows their names in the config. */
function placed({ problems }: OptionsError, before: Path): Problem[] {
  const own = before[0] === 'listen' ? problems.filter(({ path }) => path[0] !== 'units') : problems;
  return own.map(({ path, problem }) => ({ path: [...before, ...path], message: problem }));
}

/** The options that all listeners share, without those that the schema refuses. */
function checkedShared(config: unknown) {
  const { identity, unknownUnit } = configSchema.shape;
  const shared = {
    identity: identity.safeParse(valueAt(config, 'identity')).data,
    unknownUnit: unknownUnit.safeParse(valueAt(config, 'unknownUnit')).data,
  };
  checkServerOptions(shared);
  return shared;
}

/** Tells only that there is a server of this type; the rest of it may be wrong. */
function isOfKnownType(listener: unknown): listener is Listener {
  return branchFor(listenerSchema, listener) !== listenerSchema;
}

/** Keys of a unit that say what it does and what becomes of its values, not what it has. */
const OURS = Object.keys({ ...behaviour, ...lasting });

/** What the library takes of an unchecked unit: everything except its behaviour, and whether its values last. */
export function deviceOf(unit: unknown): UnitOptions {
  const device = without(unit, OURS);
  if (!isMap(device) || !isMap(device.points)) return device as UnitOptions;
  const points = Object.entries(device.points).map(([name, point]) => [name, without(point, ['simulate'])]);
  return { ...(device as UnitOptions & typeof device), points: Object.fromEntries(points) };
}

function without(owner: unknown, keys: readonly string[]): unknown {
  if (!isMap(owner)) return owner;
  return Object.fromEntries(Object.entries(owner).filter(([key]) => !keys.includes(key)));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Resolves the files that a listener names against the folder of the config. The library refuses what is not a name.
 */
function inFolder(listener: Listener, folder: string): Listener {
  const at = (path: string) => (typeof path !== 'string' || isAbsolute(path) ? path : join(folder, path));
  switch (listener.type) {
    case 'tls': {
      const { certFile, keyFile, caFile, crlFile } = listener;
      const more = { ...(caFile && { caFile: at(caFile) }), ...(crlFile && { crlFile: at(crlFile) }) };
      return { ...listener, certFile: at(certFile), keyFile: at(keyFile), ...more };
    }
    case 'unix':
      return { ...listener, path: at(listener.path) };
    case 'serial':
      // COM3 is not a file.
      return String(listener.path).includes('/') ? { ...listener, path: at(listener.path) } : listener;
    default:
      return listener;
  }
}
