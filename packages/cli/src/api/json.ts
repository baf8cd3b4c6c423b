import type { Point, PointValue } from 'busbar';
import type { Value } from './contract.js';
import { ApiProblem } from './problem.js';

// JSON has no whole numbers beyond 2^53 that arrive everywhere as they left, and no NaN: these are texts.

const SPECIAL = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

export function numberToJson(value: number | bigint): number | string {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

export function valueToJson(value: PointValue): Value {
  if (typeof value === 'number' || typeof value === 'bigint') return numberToJson(value);
  return Array.isArray(value) ? [...value] : (value as Value);
}

/** The number that JSON has for it; a text that is none stays, so that whoever takes the value says what it expects. */
export function numberFromJson(value: Value): PointValue {
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    !Number.isSafeInteger(value) &&
    Math.abs(value) < 2 ** 64
  ) {
    throw new ApiProblem(
      422,
      `${value} may not be the number that was meant: write whole numbers beyond 2^53 as texts`,
    );
  }
  if (typeof value !== 'string') return value;
  const special = SPECIAL.get(value);
  if (special !== undefined) return special;
  return WHOLE.test(value) ? exact(BigInt(value)) : value;
}

/** Longer ones fit nothing, and JavaScript takes seconds for a number of a million digits. */
const WHOLE = /^[+-]?\d{1,100}$/;

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The value for a point, whose type decides what a text means. */
export function valueFor({ type, labels }: Point, value: Value): PointValue {
  const isNumber = labels === undefined && !['bool', 'string', 'bits', 'raw'].includes(type);
  return isNumber ? numberFromJson(value) : value;
}

/** A value in a message, short enough for a line. */
export function quoted(value: Value | readonly boolean[]): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 80)}… of ${text.length} characters` : text;
}
