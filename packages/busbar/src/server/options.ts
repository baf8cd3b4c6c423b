import { AddressList } from '../access/addresses.js';
import { checkFunctionSet, type FunctionRule, type FunctionSet } from '../access/function-set.js';
import type { Permission } from '../access/roles.js';
import {
  type CheckedOptions,
  type Checks,
  type ChecksTo,
  type Complete,
  checkList,
  checkOptions,
  integer,
  oneOf,
  optional,
  type Path,
  show,
  withDefault,
} from '../checks.js';
import { Identity, type IdentityOptions } from '../data/identity.js';
import { Unit } from '../data/unit.js';
import { OptionsError } from '../errors.js';
import { checkSilence } from '../framing/framings.js';
import {
  type CheckedCustomFunction,
  type CustomFunction,
  checkCustomFunctions,
} from '../functions/custom-functions.js';
import { DIAGNOSTICS_POLICIES, type DiagnosticsPolicy } from '../functions/diagnostics.js';
import { MAX_PDU_LENGTH } from '../protocol/limits.js';
import { checkRequestHandler, type HandlerFactory, type RequestHandlerOption } from './request-handler.js';

/** Bounds on all that a peer can make grow. Times are in milliseconds; 0 switches a time limit off. */
export interface Limits {
  /** Connections at once; at the limit the oldest unused one is closed for a new one (TG, clause 4.2). Default 1000. */
  readonly connections?: number | undefined;
  /**
   * Requests of one connection that are carried out at once; further ones wait in the socket. The same for each peer
   * over UDP, where further ones are dropped. Default 16.
   */
  readonly requestsInProgress?: number | undefined;
  /**
   * Requests of all connections that wait until their unit is free, as its handlers are at work; beyond it exception
   * 06. Default 4096.
   */
  readonly requestsWaiting?: number | undefined;
  /** The same for each unit, over all servers that serve it. Default 1024. */
  readonly requestsWaitingPerUnit?: number | undefined;
  /** Bytes of replies that a peer has not taken; beyond it, no more is read from that peer. Default 65536. */
  readonly unsentBytes?: number | undefined;
  /** Time for a begun frame to become complete; then the connection is closed. Default 10000. */
  readonly frameTimeout?: number | undefined;
  /**
   * Time without a request after which a connection is closed. Default 0: the connection limit and keep-alive bound
   * them.
   */
  readonly idleTimeout?: number | undefined;
  /** Time that a peer has to take its last replies when the server closes its connection. Default 5000. */
  readonly closeTimeout?: number | undefined;
}

export const UNKNOWN_UNIT_POLICIES = ['gatewayTargetFailed', 'gatewayPathUnavailable', 'silent', 'any'] as const;
/**
 * What a request to a unit that does not exist gets: exception 0B, exception 0A, silence, or the default unit's answer.
 */
export type UnknownUnitPolicy = (typeof UNKNOWN_UNIT_POLICIES)[number];

/** Options that all servers have. */
export interface ServerOptions {
  /** The first is the default unit, which also answers for unit ids 0 and 255. `server.units` changes them later. */
  readonly units: readonly Unit[];
  /** For units without an identity of their own. */
  readonly identity?: IdentityOptions | undefined;
  /** Default `gatewayTargetFailed`; `silent` with RTU or ASCII framing, where other ids are other stations'. */
  readonly unknownUnit?: UnknownUnitPolicy | undefined;
  /**
   * Functions, or sub-functions such as `'08/00'`, that this server answers; others get exception 01. All if absent.
   */
  readonly functions?: readonly FunctionRule[] | undefined;
  /**
   * Which sub-functions of 08 are answered: `all`; `read`, those that change nothing for anybody (00, 02, 0B to 12); or
   * `none`. Others get exception 01. Default `read`; `all` on serial lines, for which the function is made.
   */
  readonly diagnostics?: DiagnosticsPolicy | undefined;
  readonly customFunctions?: readonly CustomFunction[] | undefined;
  /**
   * Time for a user's handler to answer, in milliseconds; then the client gets `handlerTimeoutException`. What the
   * request waits for its unit counts; if its turn does not come in time, the client gets exception 06. Default 5000.
   */
  readonly handlerTimeout?: number | undefined;
  /** 4 (the default) or 6. */
  readonly handlerTimeoutException?: 4 | 6 | undefined;
  readonly limits?: Limits | undefined;
  /**
   * IP addresses and networks (`10.0.0.7`, `192.168.1.0/24`, `fd00::/8`) whose connections are never closed for a new
   * one. Host names are not looked up.
   */
  readonly priorityClients?: readonly string[] | undefined;
  /**
   * Hooks around connections, bytes, requests and replies: an object for all, or a function that makes one per
   * connection.
   */
  readonly handler?: RequestHandlerOption | undefined;
  /** Largest PDU; above 253 (the default) only for custom functions between peers that agreed on it, 65534 at most. */
  readonly maxPduLength?: number | undefined;
  /**
   * Milliseconds without a byte after which a begun frame is given up, 1..60000: by default 50 with RTU framing, 1000
   * between the characters of an ASCII frame (SL, clause 2.5.2.1). MBAP has no use for it.
   */
  readonly silence?: number | undefined;
}

const MAX_TIME = 0x7fffffff;
const MAX_COUNT = 1_000_000_000;

export function checkUnit(unit: unknown, path: Path): Unit {
  if (unit instanceof Unit) return unit;
  throw new OptionsError(path, `expected a Unit, found ${show(unit)}`);
}

export function checkUnits(units: unknown, path: Path): readonly Unit[] {
  const seen = new Set<number>();
  return checkList(units, path, (unit, at) => {
    const checked = checkUnit(unit, at);
    if (seen.has(checked.id)) throw new OptionsError(at, `there is another unit with id ${checked.id}`);
    seen.add(checked.id);
    return checked;
  });
}

const time = (byDefault: number) => withDefault(integer(0, MAX_TIME), byDefault);
const count = (byDefault: number) => withDefault(integer(1, MAX_COUNT), byDefault);

const LIMITS = {
  connections: count(1000),
  requestsInProgress: count(16),
  requestsWaiting: count(4096),
  requestsWaitingPerUnit: count(1024),
  unsentBytes: count(65536),
  frameTimeout: time(10_000),
  idleTimeout: time(0),
  closeTimeout: time(5000),
} satisfies Checks<Limits>;

function checkLimits(limits: unknown = {}, path: Path): Complete<Limits> {
  return checkOptions(limits, LIMITS, path);
}

/** Options that have been checked, with defaults filled in; what is undefined is as the framing has it. */
export type CheckedServerOptions = CheckedOptions<
  ServerOptions,
  {
    readonly identity: Identity | undefined;
    readonly unknownUnit: UnknownUnitPolicy | undefined;
    readonly functions: FunctionSet | undefined;
    readonly customFunctions: readonly CheckedCustomFunction[];
    readonly limits: Complete<Limits>;
    readonly priorityClients: AddressList;
    readonly handler: HandlerFactory | undefined;
    readonly silence: number | undefined;
  }
>;

/** The checks of the options that all servers have. */
export const SERVER_CHECKS: ChecksTo<CheckedServerOptions> = {
  units: checkUnits,
  identity: optional((identity, path) => new Identity(identity, path)),
  unknownUnit: optional(oneOf(UNKNOWN_UNIT_POLICIES)),
  functions: checkFunctionSet,
  diagnostics: withDefault(oneOf(DIAGNOSTICS_POLICIES), 'read'),
  customFunctions: checkCustomFunctions,
  handlerTimeout: time(5000),
  handlerTimeoutException: withDefault(oneOf([4, 6]), 4),
  limits: checkLimits,
  priorityClients: (clients = [], path) => new AddressList(clients, path),
  handler: checkRequestHandler,
  maxPduLength: withDefault(integer(MAX_PDU_LENGTH, 65534), MAX_PDU_LENGTH),
  silence: checkSilence,
};

/**
 * Checks options that all servers have, without making a server.
 * @throws OptionsError with the paths of all wrong options.
 */
export function checkServerOptions(options: Partial<ServerOptions>): void {
  checkOptions({ units: [], ...options }, SERVER_CHECKS);
}

export interface Settings extends CheckedServerOptions {
  /** Whether the client's role allows the request; undefined: every client may do all. */
  readonly authorize: Permission<Unit> | undefined;
}

const MAX_SWEEP_MS = 1000;
const MIN_SWEEP_MS = 5;

/** How often to look for connections that have let a time limit pass, in milliseconds; undefined: there is none. */
export function sweepPeriod({ frameTimeout, idleTimeout, closeTimeout }: Complete<Limits>): number | undefined {
  const limits = [frameTimeout, idleTimeout, closeTimeout].filter((time) => time > 0);
  if (limits.length === 0) return undefined;
  return Math.min(MAX_SWEEP_MS, Math.max(MIN_SWEEP_MS, Math.min(...limits) / 4));
}
