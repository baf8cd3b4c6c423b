import { checkFunctionSet, type FunctionSet } from '../access/function-set.js';
import type { LineCounters } from '../counters.js';
import { Diagnostics } from '../data/diagnostics.js';
import { Identity } from '../data/identity.js';
import { type Device, device, type Unit } from '../data/unit.js';
import type { Transaction } from '../functions/transaction.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { readSubFunction } from '../protocol/sub-functions.js';
import type { ServerOptions, UnknownUnitPolicy } from './options.js';

/** A unit as one server serves it. */
export class Station {
  readonly unit: Unit;
  readonly device: Device;
  readonly diagnostics: Diagnostics;
  readonly #defaultIdentity: Identity | undefined;
  /** Of the unit and of the server: both must allow a function. */
  readonly #allowed: readonly FunctionSet[];

  constructor(
    unit: Unit,
    line: LineCounters,
    defaultIdentity: Identity | undefined,
    functions: FunctionSet | undefined,
  ) {
    this.unit = unit;
    this.device = unit[device];
    this.diagnostics = new Diagnostics(line);
    this.#defaultIdentity = defaultIdentity;
    this.#allowed = [functions, this.device.access.functions].filter((each) => each !== undefined);
  }

  get identity(): Identity | undefined {
    return this.unit.identity ?? this.#defaultIdentity;
  }

  /** Directs a transaction to this station. */
  address(transaction: Transaction, unitId: number, request: Uint8Array, start: number, end: number): void {
    transaction.unit = this.unit;
    transaction.device = this.device;
    transaction.diagnostics = this.diagnostics;
    transaction.identity = this.identity;
    transaction.unitId = unitId;
    transaction.functionCode = request[start];
    transaction.request = request;
    transaction.start = start;
    transaction.end = end;
  }

  /** Whether rules allow the function of the request PDU `request[start..end)`. */
  allows(request: Uint8Array, start: number, end: number): boolean {
    for (const allowed of this.#allowed) {
      if (!allowed.has(request[start], readSubFunction(request, start, end))) return false;
    }
    return true;
  }

  /** From now on the unit's counters include those of this server. */
  attach(): void {
    this.device.diagnostics.add(this.diagnostics);
  }

  detach(): void {
    this.device.diagnostics.delete(this.diagnostics);
  }
}

/** Leads to every station, and to no reply. */
export const BROADCAST = Symbol('broadcast');
/** Where a unit id leads: to a station, to all of them, or to an exception code (0: silence). */
export type Route = Station | typeof BROADCAST | number;

const DIRECT_IDS = [0, 255];
const EXCEPTIONS: Readonly<Record<Exclude<UnknownUnitPolicy, 'any'>, number>> = {
  gatewayTargetFailed: ExceptionCode.GatewayTargetDeviceFailedToRespond,
  gatewayPathUnavailable: ExceptionCode.GatewayPathUnavailable,
  silent: 0,
};

/** The stations of one server, and where each unit id leads. They may come and go while it runs. */
export class Stations {
  /** In the order in which they came: the first one is the default unit. A change makes a new list. */
  all: readonly Station[] = [];
  routes: readonly Route[] = [];
  readonly #create: (unit: Unit) => Station;
  readonly #createRoutes: (stations: readonly Station[]) => Route[];
  #attached = false;

  constructor(options: ServerOptions, units: readonly Unit[], line: LineCounters, shared: boolean) {
    const identity = options.identity === undefined ? undefined : new Identity(options.identity, ['identity']);
    const functions = checkFunctionSet(options.functions, ['functions']);
    const routesOf = shared ? createLineRoutes : createRoutes;
    this.#create = (unit) => new Station(unit, line, identity, functions);
    this.#createRoutes = (stations) => routesOf(stations, options.unknownUnit);
    this.#change(units.map(this.#create));
  }

  find(id: number): Station | undefined {
    return this.all.find(({ unit }) => unit.id === id);
  }

  add(unit: Unit): void {
    const station = this.#create(unit);
    if (this.#attached) station.attach();
    this.#change([...this.all, station]);
  }

  /** Requests that have come before are still carried out and answered: they know their station. */
  delete(station: Station): void {
    station.detach();
    this.#change(this.all.filter((each) => each !== station));
  }

  /** From now on the units' counters include this server's. */
  attach(): void {
    this.#attached = true;
    for (const station of this.all) station.attach();
  }

  detach(): void {
    this.#attached = false;
    for (const station of this.all) station.detach();
  }

  #change(stations: readonly Station[]): void {
    this.all = stations;
    this.routes = this.#createRoutes(stations);
  }
}

/** Routes by unit id, 0..255, where peers reach the device directly: 0 and 255 are the default unit (TG, clause 4.4.2). */
function createRoutes(stations: readonly Station[], policy: UnknownUnitPolicy = 'gatewayTargetFailed'): Route[] {
  const routes = new Array<Route>(256).fill(fallback(stations, policy, 'gatewayTargetFailed'));
  if (stations.length > 0) for (const id of DIRECT_IDS) routes[id] = stations[0];
  for (const station of stations) routes[station.unit.id] = station;
  return routes;
}

/** Routes on a shared line: other ids are other stations', and 0 is broadcast (SL, clause 2.2). */
function createLineRoutes(stations: readonly Station[], policy: UnknownUnitPolicy = 'silent'): Route[] {
  const routes = new Array<Route>(256).fill(fallback(stations, policy, 'silent'));
  for (const station of stations) routes[station.unit.id] = station;
  routes[0] = BROADCAST;
  return routes;
}

/** Where an id leads that no unit has. @param vacant what `any` means while there is no unit at all. */
function fallback(
  stations: readonly Station[],
  policy: UnknownUnitPolicy,
  vacant: Exclude<UnknownUnitPolicy, 'any'>,
): Route {
  if (policy !== 'any') return EXCEPTIONS[policy];
  return stations.length > 0 ? stations[0] : EXCEPTIONS[vacant];
}
