import type { Point, Value } from '../api/contract.js';
import { UsageError } from '../ground/usage-error.js';

// What people type for a value, and what they see of it.

/** A value of a point, or those of a range. */
export type Written = Value | readonly (string | number | boolean)[];

const SWITCHES = new Map<string, boolean>([
  ['on', true],
  ['true', true],
  ['1', true],
  ['off', false],
  ['false', false],
  ['0', false],
]);

/** A number as the API takes it: whole ones that JSON cannot keep are texts. @throws UsageError */
export function parseNumber(text: string, what: string): number | string {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) {
    throw new UsageError(`${what} takes a number, such as 60, not "${text}"`);
  }
  return Number.isFinite(number) && (Number.isSafeInteger(number) || !Number.isInteger(number)) ? number : text.trim();
}

/** @throws UsageError */
export function parseSwitch(text: string, what: string): boolean {
  const value = SWITCHES.get(text.toLowerCase());
  if (value !== undefined) return value;
  throw new UsageError(`${what} takes on or off, not "${text}"`);
}

/** The value that a text means for a point. What is no value of its type, the device refuses. @throws UsageError */
export function parseValue(text: string, { name, type, labels }: Pick<Point, 'name' | 'type' | 'labels'>): Value {
  if (type === 'bool') return parseSwitch(text, name);
  if (type === 'bits') return parts(text);
  if (type === 'raw') return parts(text).map((part) => Number(parseNumber(part, name)));
  return type === 'string' || labels !== undefined ? text : parseNumber(text, name);
}

function parts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** As `parseValue` takes it. */
export function valueText(value: Written): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? value.map(valueText).join(',') : String(value);
}
