import { Unit } from 'busbar';
import type { SimulatedUnit, SimulatorOptions } from 'busbar-simulator';
import { UsageError } from '../ground/usage-error.js';
import type { GivenListener } from '../listeners/given.js';
import { formatListener, placeOf, placesConflict } from '../listeners/place.js';
import { usageError } from '../listeners/refused.js';
import type { Listener } from '../listeners/schema.js';
import {
  type BoundServer,
  DEFAULT_LISTENER,
  type GivenOptions,
  makeServer,
  type SharedOptions,
} from '../listeners/server.js';
import type { HttpOptions } from './http.js';
import type { KeepOptions } from './keep.js';
import type { PlacedProblem } from './problems.js';
import type { Config } from './schema.js';
import type { ShareOptions } from './share.js';

/** Everything that is to be served. */
export interface Setup {
  units: Unit[];
  servers: BoundServer[];
  shared: SharedOptions;
  /** How the units live; empty if nothing does. */
  lives: readonly SimulatedUnit[];
  /** Chance and time of the simulation. */
  simulation?: SimulatorOptions | undefined;
  /** The HTTP API, if the config has one. */
  http?: HttpOptions | undefined;
  /** How values are kept, or with whom they are shared, if they are. */
  keep?: KeepOptions | undefined;
  share?: ShareOptions | undefined;
  /** The config file; absent: the test device. */
  config?: string;
  /** What the file says, with its units in the order of `units`. */
  content?: Config;
  /** Nobody has named the config file: it was found in the current folder. */
  isFound?: boolean;
  /** Listeners of the config that those of the command line have replaced. */
  replaced: number;
  /** Doubtful places of the config. */
  warnings: readonly PlacedProblem[];
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
    const asked = flag ?? formatListener(listener);
    if (other) throw new UsageError(`${asked} conflicts with the listener ${other.name}`);
    checkIds(units, asked);
    servers.push(makeGiven(listener, flag, setup));
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

function makeGiven(listener: Listener, flag: string | undefined, { units, servers, shared }: Setup): BoundServer {
  try {
    return makeServer(listener, units, shared, servers.length + 1);
  } catch (error) {
    throw flag === undefined ? error : usageError(error, flag);
  }
}

/** Served without a config: everything that a client may try, all zero. */
export function testSetup(given: GivenOptions = { wait: true }): Setup {
  const whole = [{ start: 0, count: 65536 }];
  const tables = { coils: whole, discreteInputs: whole, holdingRegisters: whole, inputRegisters: whole };
  return {
    units: [new Unit({ id: 1, name: 'test device', ...tables })],
    servers: [],
    shared: given,
    lives: [],
    replaced: 0,
    warnings: [],
  };
}
