import {
  type Checks,
  type ChecksTo,
  checkFunction,
  checkList,
  checkOptions,
  integer,
  oneOf,
  optional,
  type Path,
  show,
} from '../checks.js';
import type { HandlerErrorCode } from '../error-codes.js';
import { asError, type BusbarError, HandlerError, OptionsError } from '../errors.js';
import type { Peer } from '../peer.js';
import { isPromiseLike, toPromise } from '../promise.js';
import { type Range, rangeChecks } from '../protocol/address-range.js';
import { type RequestedRange, requestedRanges } from '../protocol/ranges.js';
import { hasSubFunctions, readSubFunction } from '../protocol/sub-functions.js';
import { TABLE_NAMES, type TableName } from '../protocol/tables.js';
import { checkFunctionSet, type FunctionRule, type FunctionSet } from './function-set.js';

/** A range of one table. */
export interface TableRange extends Range {
  readonly table: TableName;
}

/**
 * What clients with a role may do. A request is allowed if one rule of the client's role allows all of it. A rule does
 * not restrict the functions, units or ranges that it leaves out.
 */
export interface RoleRule {
  /** The role in the client's certificate; null for clients without one. */
  readonly role: string | null;
  /** Functions, or sub-functions such as `'08/00'`. */
  readonly functions?: readonly FunctionRule[] | undefined;
  /** Ids of units. */
  readonly units?: readonly number[] | undefined;
  /** A rule with ranges allows only functions that read or write tables: 01–06, 0F, 10, 16 and 17 (hexadecimal). */
  readonly ranges?: readonly TableRange[] | undefined;
}

/** A unit, as far as rules are about it. */
export interface Identified {
  readonly id: number;
}

/** A request that asks for permission, with its PDU `request[start..end)`. */
interface Asking<Unit extends Identified> {
  readonly unit: Unit;
  readonly unitId: number;
  readonly functionCode: number;
  readonly peer: Peer;
  readonly request: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Whether a request may be carried out. @param custom its function is the program's own. */
export type Permission<Unit extends Identified> = (asking: Asking<Unit>, custom: boolean) => boolean;

/** A client's request, before it is carried out. */
export interface RoleRequest<Unit extends Identified> {
  readonly unit: Unit;
  /** Unit id in the request; 0 or 255 may lead to the default unit. */
  readonly unitId: number;
  readonly functionCode: number;
  readonly peer: Peer;
  readonly role: string | null;
  /** For 08, 2B and custom functions: the bytes after the function code. */
  readonly subFunction: number | undefined;
  /**
   * The parts of tables that it would read or write; empty for functions that don't use tables, and for custom
   * functions.
   */
  readonly ranges: readonly RequestedRange[];
}

/** A request that got exception 01 because the client's role does not allow it. */
export interface RoleDenial<Unit extends Identified> extends RoleRequest<Unit> {
  /** From the first of the `ranges`, if there is one. */
  readonly table?: TableName | undefined;
  readonly address?: number | undefined;
  readonly quantity?: number | undefined;
}

/** Who may do what: rules, a function, or both; with both, each must allow a request. */
export interface RolePolicy<Unit extends Identified> {
  readonly roles?: readonly RoleRule[] | undefined;
  readonly authorize?: ((request: RoleRequest<Unit>) => boolean) | undefined;
}

/** The receiver of an authorization's events. */
interface Audit<Unit extends Identified> {
  denied(event: RoleDenial<Unit>): void;
  failed(error: BusbarError): void;
}

interface Rule {
  readonly functions: FunctionSet | undefined;
  readonly units: ReadonlySet<number> | undefined;
  /** Sorted, without overlaps and neighbours; undefined: all. */
  readonly ranges: readonly TableRange[] | undefined;
}

type RulesByRole = ReadonlyMap<string | null, readonly Rule[]>;

/** Checks of the options that decide who may do what. */
export const POLICY_CHECKS: ChecksTo<{ roles: RulesByRole | undefined; authorize: unknown }> = {
  roles: optional(checkRoles),
  authorize: optional(checkFunction),
};

/** Who may do what, after the checks. */
export interface CheckedPolicy<Unit extends Identified> {
  readonly roles?: RulesByRole | undefined;
  readonly authorize?: RolePolicy<Unit>['authorize'] | undefined;
}

/** @returns a check of requests; undefined if every client may do everything. */
export function createAuthorization<Unit extends Identified>(
  { roles: rules, authorize }: CheckedPolicy<Unit>,
  audit: Audit<Unit>,
): Permission<Unit> | undefined {
  if (rules === undefined && authorize === undefined) return undefined;
  return (asking, custom) => {
    const request = describeRequest(asking, custom);
    // An unreadable role may be any role, so the client must not pass for one without a role.
    const readable = request.peer.roleProblem === undefined;
    const allowed =
      readable && (rules === undefined || rulesAllow(rules, request)) && asksAllow(authorize, request, audit);
    if (!allowed) audit.denied({ ...request, ...request.ranges[0] });
    return allowed;
  };
}

function describeRequest<Unit extends Identified>(
  { peer, unit, unitId, functionCode, request, start, end }: Asking<Unit>,
  custom: boolean,
): RoleRequest<Unit> {
  // A custom function may have replaced a public one, and only it knows the meaning of its data.
  const ranges = custom ? [] : requestedRanges(request, start, end);
  const divided = custom || hasSubFunctions(functionCode);
  const subFunction = divided ? readSubFunction(request, start, end) : undefined;
  return { peer, role: peer.role ?? null, unit, unitId, functionCode, subFunction, ranges };
}

function rulesAllow(rules: RulesByRole, request: RoleRequest<Identified>): boolean {
  return rules.get(request.role)?.some((rule) => ruleAllows(rule, request)) ?? false;
}

function ruleAllows({ functions, units, ranges }: Rule, request: RoleRequest<Identified>): boolean {
  if (functions?.has(request.functionCode, request.subFunction) === false || units?.has(request.unit.id) === false)
    return false;
  if (ranges === undefined) return true;
  return request.ranges.length > 0 && request.ranges.every((range) => isCovered(range, ranges));
}

function isCovered({ table, address, quantity }: RequestedRange, ranges: readonly TableRange[]): boolean {
  return ranges.some(
    (range) => range.table === table && address >= range.start && address + quantity <= range.start + range.count,
  );
}

/** Only `true` allows a request: not a promise, any other value, or a failure. */
function asksAllow<Unit extends Identified>(
  authorize: RolePolicy<Unit>['authorize'],
  request: RoleRequest<Unit>,
  audit: Audit<Unit>,
): boolean {
  if (authorize === undefined) return true;
  try {
    const answer: unknown = authorize(request);
    if (typeof answer === 'boolean') return answer;
    if (isPromiseLike(answer)) toPromise(answer).catch(() => undefined);
    audit.failed(failure('HANDLER_ANSWER', `authorize must return true or false, found ${show(answer)}`, request));
  } catch (error) {
    audit.failed(failure('HANDLER_FAILED', `authorize failed: ${asError(error).message}`, request, error));
  }
  return false;
}

function failure(
  code: HandlerErrorCode,
  message: string,
  request: RoleRequest<Identified>,
  cause?: unknown,
): HandlerError {
  const { unit, functionCode, ranges } = request;
  return new HandlerError(code, message, { unit: unit.id, functionCode, ...ranges[0] }, { cause });
}

function checkRoles(roles: unknown, path: Path): RulesByRole {
  const byRole = new Map<string | null, Rule[]>();
  for (const { role, ...rule } of checkList(roles, path, (option, at) => checkOptions(option, RULE, at))) {
    byRole.set(role, [...(byRole.get(role) ?? []), rule]);
  }
  return byRole;
}

const RULE = {
  role: (role, path) => {
    if (role === null || (typeof role === 'string' && role !== '')) return role;
    throw new OptionsError(path, `expected the name of a role, or null for clients without one, found ${show(role)}`);
  },
  functions: checkFunctionSet,
  units: optional((ids, path) => new Set(checkList(ids, path, integer(0, 255)))),
  ranges: optional((ranges, path) => {
    const checked = checkList(ranges, path, (range, at) => checkOptions(range, RANGE, at));
    return TABLE_NAMES.flatMap((table) => join(checked.filter((range) => range.table === table)));
  }),
} satisfies Checks<RoleRule>;

const RANGE = { table: oneOf(TABLE_NAMES), ...rangeChecks() } satisfies Checks<TableRange>;

/** Ranges of one table. Joins those that touch or overlap, because a request may span them. */
function join(ranges: readonly TableRange[]): TableRange[] {
  const joined: TableRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || last.start + last.count < range.start) joined.push(range);
    else joined[joined.length - 1] = union(last, range);
  }
  return joined;
}

function union(a: TableRange, b: TableRange): TableRange {
  return { ...a, count: Math.max(a.start + a.count, b.start + b.count) - a.start };
}
