import { TABLES } from '../listeners/tables.js';
import { numberAt, valueAt } from './parts.js';
import type { Problem } from './problems.js';

/**
 * The address that a number stands for where it is the reference of manuals: 0 for 40001 or 400001, holding register 0.
 * References of coils have no digit of their own in front, and are like addresses.
 */
export function referredAddress(table: unknown, number: unknown): number | undefined {
  const digit = Number(TABLES.find(({ key }) => key === table)?.reference ?? 0);
  if (digit === 0 || typeof number !== 'number') return undefined;
  const [short, long] = [number - digit * 10_000, number - digit * 100_000];
  if (short >= 1 && short <= 9999) return short - 1;
  return long >= 1 && long <= 65536 ? long - 1 : undefined;
}

/**
 * `; 40001 is the reference that manuals have for address 0`, or nothing. @param first what blocks are numbered from.
 */
export function referenceHint(table: unknown, number: unknown, first = 0): string {
  const address = referredAddress(table, number);
  return address === undefined ? '' : `; ${number} is a reference as manuals have it: write ${address + first}`;
}

/** A start that is too large for an address may be a reference with six digits. */
export function withReferenceHint(problem: Problem, config: unknown): Problem {
  const { path, message } = problem;
  if (path.at(-1) !== 'start') return problem;
  const [owner, unit] = [path.slice(0, -1), path.slice(0, 2)].map((keys) => keys.reduce(valueAt, config));
  const table = valueAt(owner, 'table');
  // Rules name their table, and count from 0.
  const first = table === undefined ? numberAt(unit, 'firstAddress') : 0;
  return { ...problem, message: `${message}${referenceHint(table ?? path.at(-3), valueAt(owner, 'start'), first)}` };
}
