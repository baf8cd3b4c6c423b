import { Unit } from 'busbar';
import type { SimulatedUnit, SimulatorOptions } from 'busbar-simulator';
import { UsageError } from '../ground/usage-error.js';
import type { GivenListener } from '../listeners/given.js';
import { placeOf, placesConflict } from '../listeners/place.js';
import { usageError } from '../listeners/refused.js';
import type { Listener } from '../listeners/schema.js';
import { type BoundServer, DEFAULT_LISTENER, makeServer, type SharedOptions } from '../listeners/server.js';
import { defaultFile } from './default-file.js';
import type { PlacedProblem } from './problems.js';

/** Everything that is to be served. */
export interface Setup {
  units: Unit[];
  servers: BoundServer[];
  shared: SharedOptions;
  /** How the units live; empty if nothing does. */
  lives: readonly SimulatedUnit[];
  /** Chance and time of the simulation. */
  simulation?: SimulatorOptions | undefined;
  /** The config file; absent: the test device. */
  config?: string;
  /** Nobody has named the config file: it was found in the current folder. */
  isFound?: boolean;
  /** Listeners of the config that those of the command line have replaced. */
  replaced: number;
  /** Doubtful places of the config. */
  warnings: readonly PlacedProblem[];
}

/**
 * Sets up a config file, that of the current folder if none is named, or else the test device. Listeners of the command line replace those of the config.
 * @throws ConfigError, UsageError
 */
export async function setUp(file: string | undefined, given: readonly GivenListener[], wait: boolean): Promise<Setup> {
  const setup = await setupOf(file, wait);
  placeListeners(setup, given);
  return setup;
}

async function setupOf(named: string | undefined, wait: boolean): Promise<Setup> {
  const file = named ?? defaultFile();
  if (file === undefined) return testSetup(wait);
  const { loadConfig } = await import('./load.js');
  return { ...(await loadConfig(file, wait)), isFound: named === undefined };
}

/**
 * Replaces the listeners of the config by those of the command line. If there are none at all, adds the default one.
 */
export function placeListeners(setup: Setup, given: readonly GivenListener[]): void {
  const { units, servers, shared } = setup;
  if (given.length > 0) setup.replaced = servers.splice(0).length;
  for (const { flag, listener } of given) {
    const place = placeOf(listener);
    const other = servers.find((server) => placesConflict(placeOf(server.listener), place));
    if (other) throw new UsageError(`${flag} conflicts with the listener ${other.name}`);
    checkIds(units, flag);
    servers.push(makeGiven(listener, flag, units, shared));
  }
  if (servers.length === 0) servers.push(makeServer(DEFAULT_LISTENER, units, shared));
}

/** The command line has no way to say which unit of several is meant. */
function checkIds(units: readonly Unit[], flag: string): void {
  const twice = units.find(({ id }, place) => units.findIndex((other) => other.id === id) < place);
  if (twice === undefined) return;
  throw new UsageError(
    `${flag} serves all units, but the config has several with the id ${twice.id}: change its listeners instead`,
  );
}

/** The units that no listener serves. */
export function unservedUnits({ units, servers }: Setup): Unit[] {
  return units.filter((unit) => !servers.some((bound) => bound.units.includes(unit)));
}

function makeGiven(listener: Listener, flag: string, units: Unit[], shared: SharedOptions): BoundServer {
  try {
    return makeServer(listener, units, shared);
  } catch (error) {
    throw usageError(error, flag);
  }
}

/** Served without a config: everything that a client may try, all zero. */
export function testSetup(wait = true): Setup {
  const whole = [{ start: 0, count: 65536 }];
  const tables = { coils: whole, discreteInputs: whole, holdingRegisters: whole, inputRegisters: whole };
  return {
    units: [new Unit({ id: 1, name: 'test device', ...tables })],
    servers: [],
    shared: { wait },
    lives: [],
    replaced: 0,
    warnings: [],
  };
}
