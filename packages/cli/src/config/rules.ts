import type { TableName, Unit } from 'busbar';
import type { Path } from '../ground/path.js';
import { describeRange } from '../listeners/tables.js';
import type { Problem } from './problems.js';
import { referenceHint } from './references.js';
import type { ConfigUnit } from './schema.js';

/** Neighbouring addresses or records. */
export interface Span {
  start: number;
  count: number;
}

/** The addresses that both have; undefined if there are none. */
export function overlap(one: Span, other: Span): Span | undefined {
  const start = Math.max(one.start, other.start);
  const end = Math.min(one.start + one.count, other.start + other.count);
  return start < end ? { start, count: end - start } : undefined;
}

/** The range of a rule. Rules count from 0, however blocks are numbered. */
interface RuleRange extends Span {
  table: TableName;
}

/** Rules that protect nothing: the device would be open where its config says that it is not. */
export function emptyRules(unit: Unit, options: ConfigUnit, path: Path): Problem[] {
  return accessRules(options, path).flatMap(({ rule, at }) =>
    isEmpty(rule, unit[rule.table].ranges) ? [{ path: at, message: `protects nothing: ${absent(rule)}` }] : [],
  );
}

/** Rules that reach beyond what there is. */
export function partlyEmptyRules(unit: Unit, options: ConfigUnit, path: Path): Problem[] {
  return accessRules(options, path).flatMap(({ rule, at }) => beyond(rule, unit[rule.table].ranges, at));
}

/** The rules of a unit that are about its coils and holding registers. */
function accessRules({ access = {} }: ConfigUnit, path: Path): { rule: RuleRange; at: Path }[] {
  const { readOnly = [], limits = [] } = access;
  const lists = { readOnly: typeof readOnly === 'boolean' ? [] : readOnly, limits };
  return Object.entries(lists).flatMap(([key, rules]) =>
    rules.map((rule, i) => ({ rule, at: [...path, 'access', key, i] })),
  );
}

/** Reports a rule that allows addresses which do not exist. */
export function uselessRange(rule: RuleRange, existing: readonly Span[], path: Path): Problem[] {
  if (isEmpty(rule, existing)) return [{ path, message: `allows nothing: ${absent(rule)}` }];
  return beyond(rule, existing, path);
}

export function isEmpty(rule: RuleRange, existing: readonly Span[]): boolean {
  return existing.every((range) => overlap(rule, range) === undefined);
}

export function absent(rule: RuleRange): string {
  return `${describeRange(rule.table, rule.start, rule.count)} ${be(rule)}${referenceHint(rule.table, rule.start)}`;
}

function be({ count }: Span): string {
  return count === 1 ? 'does not exist' : 'do not exist';
}

/** Reports a rule that begins or ends outside all blocks. One over the whole table means every address there is. */
function beyond(rule: RuleRange, existing: readonly Span[], path: Path): Problem[] {
  const covered = existing.map((range) => overlap(rule, range)).filter((range) => range !== undefined);
  if (covered.length === 0 || rule.count === 65536) return [];
  const start = Math.min(...covered.map((range) => range.start));
  const end = Math.max(...covered.map((range) => range.start + range.count));
  const ends = [
    { start: rule.start, count: start - rule.start },
    { start: end, count: rule.start + rule.count - end },
  ];
  const missing = ends.filter(({ count }) => count > 0);
  return missing.map(({ start, count }) => ({
    path,
    message: `reaches too far: ${describeRange(rule.table, start, count)} ${be({ start, count })}`,
  }));
}
