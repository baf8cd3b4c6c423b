import type { FunctionRule } from '../access/function-set.js';
import { checkArray, checkInteger, checkKeys, checkOneOf, type Path, show } from '../checks.js';
import type { IdentityOptions } from '../data/identity.js';
import { Unit } from '../data/unit.js';
import { OptionsError } from '../errors.js';
import type { CustomFunction } from '../functions/custom-functions.js';
import type { DiagnosticsPolicy } from '../functions/diagnostics.js';
import type { ModbusFunction, Transaction } from '../functions/transaction.js';
import { MAX_PDU_LENGTH } from '../protocol/limits.js';
import { PriorityClients } from './priority-clients.js';
import { checkRequestHandler, type HandlerFactory, type RequestHandlerOption } from './request-handler.js';

/** Bounds on all that a peer can make grow. Times are in milliseconds; 0 switches a time limit off. */
export interface Limits {
  /** Connections at once; at the limit the oldest unused one is closed for a new one (TG, clause 4.2). Default 1000. */
  readonly connections?: number;
  /**
   * Requests of one connection that are carried out at once; further ones wait in the socket. The same for each peer over UDP, where
   * further ones are dropped. Default 16.
   */
  readonly requestsInProgress?: number;
  /**
   * Requests of all connections that wait until their unit is free, as its handlers are at work; beyond it exception 06.
   * Default 4096.
   */
  readonly requestsWaiting?: number;
  /** The same for each unit, over all servers that serve it. Default 1024. */
  readonly requestsWaitingPerUnit?: number;
  /** Bytes of replies that a peer has not taken; beyond it, no more is read from that peer. Default 65536. */
  readonly unsentBytes?: number;
  /** Time for a begun frame to become complete; then the connection is closed. Default 10000. */
  readonly frameTimeout?: number;
  /** Time without a request after which a connection is closed. Default 0: the connection limit and keep-alive bound them. */
  readonly idleTimeout?: number;
  /** Time that a peer has to take its last replies when the server closes its connection. Default 5000. */
  readonly closeTimeout?: number;
}

/** What a request to a unit that does not exist gets: exception 0B, exception 0A, silence, or the default unit's answer. */
export type UnknownUnitPolicy = 'gatewayTargetFailed' | 'gatewayPathUnavailable' | 'silent' | 'any';

/** Options that all servers have. */
export interface ServerOptions {
  /** The first is the default unit, which also answers for unit ids 0 and 255. `server.units` changes them later. */
  readonly units: readonly Unit[];
  /** For units without an identity of their own. */
  readonly identity?: IdentityOptions;
  /** Default `gatewayTargetFailed`; `silent` with RTU or ASCII framing, where other ids are other stations'. */
  readonly unknownUnit?: UnknownUnitPolicy;
  /** Functions, or sub-functions such as `'08/00'`, that this server answers; others get exception 01. All if absent. */
  readonly functions?: readonly FunctionRule[];
  /**
   * Which sub-functions of 08 are answered: `all`; `read`, those that change nothing for anybody (00, 02, 0B to 12); or `none`.
   * Others get exception 01. Default `read`; `all` on serial lines, for which the function is made.
   */
  readonly diagnostics?: DiagnosticsPolicy;
  readonly customFunctions?: readonly CustomFunction[];
  /**
   * Time for a user's handler to answer, in milliseconds; then the client gets `handlerTimeoutException`. What the request waits for
   * its unit counts; if its turn does not come in time, the client gets exception 06. Default 5000.
   */
  readonly handlerTimeout?: number;
  /** 4 (the default) or 6. */
  readonly handlerTimeoutException?: 4 | 6;
  readonly limits?: Limits;
  /**
   * IP addresses and networks (`10.0.0.7`, `192.168.1.0/24`, `fd00::/8`) whose connections are never closed for a new one. Host names
   * are not looked up.
   */
  readonly priorityClients?: readonly string[];
  /** Hooks around connections, bytes, requests and replies: an object for all, or a function that makes one per connection. */
  readonly handler?: RequestHandlerOption;
  /** Largest PDU; above 253 (the default) only for custom functions between peers that agreed on it, 65534 at most. */
  readonly maxPduLength?: number;
  /**
   * Milliseconds without a byte after which a begun frame is given up, 1..60000: by default 50 with RTU framing, 1000 between the
   * characters of an ASCII frame (SL, clause 2.5.2.1). MBAP has no use for it.
   */
  readonly silence?: number;
}

export const SERVER_OPTIONS = [
  'units',
  'identity',
  'unknownUnit',
  'functions',
  'diagnostics',
  'customFunctions',
  'handlerTimeout',
  'handlerTimeoutException',
  'limits',
  'priorityClients',
  'handler',
  'maxPduLength',
  'silence',
] as const satisfies (keyof ServerOptions)[];

const DEFAULT_LIMITS: Required<Limits> = {
  connections: 1000,
  requestsInProgress: 16,
  requestsWaiting: 4096,
  requestsWaitingPerUnit: 1024,
  unsentBytes: 65536,
  frameTimeout: 10_000,
  idleTimeout: 0,
  closeTimeout: 5000,
};

const MAX_TIME = 0x7fffffff;
const MAX_COUNT = 1_000_000_000;

const DIAGNOSTICS: readonly DiagnosticsPolicy[] = ['all', 'read', 'none'];
const POLICIES: readonly UnknownUnitPolicy[] = ['gatewayTargetFailed', 'gatewayPathUnavailable', 'silent', 'any'];

/** The options that need no more than their own check, with defaults filled in. */
export interface Settings {
  readonly units: readonly Unit[];
  /** Undefined: as the framing has it. */
  readonly unknownUnit: UnknownUnitPolicy | undefined;
  readonly diagnostics: DiagnosticsPolicy;
  readonly handlerTimeout: number;
  readonly handlerTimeoutException: number;
  readonly limits: Required<Limits>;
  readonly priorityClients: PriorityClients;
  readonly maxPduLength: number;
  /** Undefined: as the framing has it. */
  readonly silence: number | undefined;
  readonly createHandler: HandlerFactory | undefined;
  /** Whether the client's role allows the request; undefined: every client may do all. */
  readonly authorize: ((transaction: Transaction, run: ModbusFunction) => boolean) | undefined;
}

export function checkSettings(options: ServerOptions, authorize: Settings['authorize']): Settings {
  return {
    units: checkUnits(options.units),
    unknownUnit: options.unknownUnit && checkOneOf(options.unknownUnit, POLICIES, ['unknownUnit']),
    diagnostics: checkOneOf(options.diagnostics ?? 'read', DIAGNOSTICS, ['diagnostics']),
    handlerTimeout: checkInteger(options.handlerTimeout ?? 5000, 0, MAX_TIME, ['handlerTimeout']),
    handlerTimeoutException: checkOneOf(options.handlerTimeoutException ?? 4, [4, 6], ['handlerTimeoutException']),
    limits: checkLimits(options.limits ?? {}, ['limits']),
    priorityClients: new PriorityClients(options.priorityClients ?? [], ['priorityClients']),
    maxPduLength: checkInteger(options.maxPduLength ?? MAX_PDU_LENGTH, MAX_PDU_LENGTH, 65534, ['maxPduLength']),
    silence: checkSilence(options.silence),
    createHandler: checkRequestHandler(options.handler, ['handler']),
    authorize,
  };
}

export function checkSilence(silence: number | undefined): number | undefined {
  return silence === undefined ? undefined : checkInteger(silence, 1, 60_000, ['silence']);
}

export function checkUnits(units: unknown): readonly Unit[] {
  const list = checkArray(units, ['units']);
  const seen = new Set<number>();
  return list.map((unit, i) => {
    const checked = checkUnit(unit, ['units', i]);
    if (seen.has(checked.id)) throw new OptionsError(['units', i], `there is another unit with id ${checked.id}`);
    seen.add(checked.id);
    return checked;
  });
}

export function checkUnit(unit: unknown, path: Path): Unit {
  if (unit instanceof Unit) return unit;
  throw new OptionsError(path, `expected a Unit, found ${show(unit)}`);
}

export function checkLimits(limits: Limits, path: Path): Required<Limits> {
  const names = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[];
  checkKeys(limits, names, path);
  const checked = { ...DEFAULT_LIMITS };
  for (const name of names) {
    const isTime = name.endsWith('Timeout');
    checked[name] = checkInteger(limits[name] ?? checked[name], isTime ? 0 : 1, isTime ? MAX_TIME : MAX_COUNT, [
      ...path,
      name,
    ]);
  }
  return checked;
}

const MAX_SWEEP_MS = 1000;
const MIN_SWEEP_MS = 5;

/** How often to look for connections that have let a time limit pass, in milliseconds; undefined: there is none. */
export function sweepPeriod({ frameTimeout, idleTimeout, closeTimeout }: Required<Limits>): number | undefined {
  const limits = [frameTimeout, idleTimeout, closeTimeout].filter((time) => time > 0);
  if (limits.length === 0) return undefined;
  return Math.min(MAX_SWEEP_MS, Math.max(MIN_SWEEP_MS, Math.min(...limits) / 4));
}
