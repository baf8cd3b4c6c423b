import { checkFunctionCodes } from '../data/access.js';
import { Diagnostics } from '../data/diagnostics.js';
import { Identity } from '../data/identity.js';
import { type Device, device, type Unit } from '../data/unit.js';
import { ExceptionCode } from '../pdu/exception-codes.js';
import type { LineCounters } from '../pdu/line-counters.js';
import type { ServerOptions, UnknownUnitPolicy } from './options.js';

/** A unit as one server serves it. */
export class Station {
  readonly unit: Unit;
  readonly device: Device;
  readonly diagnostics: Diagnostics;
  readonly #defaultIdentity: Identity | undefined;
  /** By function code: whether unit and server allow it. */
  readonly #allowed: readonly boolean[];

  constructor(
    unit: Unit,
    line: LineCounters,
    defaultIdentity: Identity | undefined,
    functions: ReadonlySet<number> | undefined,
  ) {
    this.unit = unit;
    this.device = unit[device];
    this.diagnostics = new Diagnostics(line);
    this.#defaultIdentity = defaultIdentity;
    const unitFunctions = this.device.access.functions;
    this.#allowed = Array.from(
      { length: 256 },
      (_, code) => (functions?.has(code) ?? true) && (unitFunctions?.has(code) ?? true),
    );
  }

  get identity(): Identity | undefined {
    return this.unit.identity ?? this.#defaultIdentity;
  }

  allows(functionCode: number): boolean {
    return this.#allowed[functionCode];
  }
}

/** Where a unit id leads: to a station, or to an exception code (0: silence). */
export type Route = Station | number;

const DIRECT_IDS = [0, 255];
const EXCEPTIONS: Readonly<Record<Exclude<UnknownUnitPolicy, 'any'>, number>> = {
  gatewayTargetFailed: ExceptionCode.GatewayTargetDeviceFailedToRespond,
  gatewayPathUnavailable: ExceptionCode.GatewayPathUnavailable,
  silent: 0,
};

export function createStations(units: readonly Unit[], options: ServerOptions, line: LineCounters): Station[] {
  const identity = options.identity === undefined ? undefined : new Identity(options.identity, ['identity']);
  const functions = checkFunctionCodes(options.functions, ['functions']);
  return units.map((unit) => new Station(unit, line, identity, functions));
}

/** Routes by unit id, 0..255, where peers reach the device directly: 0 and 255 are the default unit (TG, clause 4.4.2). */
export function createRoutes(stations: readonly Station[], policy: UnknownUnitPolicy): Route[] {
  const fallback: Route = policy === 'any' ? stations[0] : EXCEPTIONS[policy];
  const routes = new Array<Route>(256).fill(fallback);
  for (const id of DIRECT_IDS) routes[id] = stations[0];
  for (const station of stations) routes[station.unit.id] = station;
  return routes;
}
