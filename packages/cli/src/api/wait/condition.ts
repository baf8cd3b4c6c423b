import { isDeepStrictEqual } from 'node:util';
import type { Wait } from '../contract.js';
import { numberFromJson, quoted } from '../json.js';
import { ApiProblem } from '../problem.js';
import type { News, Reading, Target } from './target.js';
import { isNumeric, wantedValue } from './wanted.js';

type Until = Wait['until'];
type Value = Reading['value'];

/** What is waited for. */
export interface Condition {
  /** What it has not been when the time is over: `above 80`. */
  readonly words: string;
  /** Whether it is so now. */
  holds(value: Value): boolean;
  /** Whether it has happened with these news. */
  isMet(news: News, value: Value): boolean;
}

/** @throws ApiProblem if the target can never be so. */
export function conditionOf(until: Until, target: Target): Condition {
  const { equals, above, below, written } = until;
  if (equals !== undefined) {
    const wanted = wantedValue(equals, target);
    return ofValue(quoted(equals), (value) => isDeepStrictEqual(value, wanted));
  }
  if (above !== undefined) return compared('above', above, target, (value, limit) => value > limit);
  if (below !== undefined) return compared('below', below, target, (value, limit) => value < limit);
  if (written) return { words: 'written', holds: () => false, isMet: (news) => news.written };
  return { words: 'changed', holds: () => false, isMet: (news) => news.changed };
}

function ofValue(words: string, holds: (value: Value) => boolean): Condition {
  return { words, holds, isMet: (_, value) => holds(value) };
}

function compared(
  word: 'above' | 'below',
  given: number | string,
  target: Target,
  isSo: (value: number | bigint, limit: number | bigint) => boolean,
): Condition {
  const limit = asNumber(given);
  if (limit === undefined) throw new ApiProblem(422, `until.${word}: expected a number, found ${quoted(given)}`);
  if (!isNumeric(target)) {
    throw new ApiProblem(422, `until.${word}: ${target.name} is not one number; wait for what it equals, or changes`);
  }
  return ofValue(`${word} ${given}`, (value) => {
    const number = asNumber(Array.isArray(value) ? value[0] : value);
    return number !== undefined && isSo(number, limit);
  });
}

function asNumber(value: string | number | boolean | null | undefined): number | bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const number = numberFromJson(value);
  return typeof number === 'number' || typeof number === 'bigint' ? number : undefined;
}
