import type { Value } from '../value.js';
import type { ReactionOptions } from './schema.js';

/** Whether a value meets a condition. @param before whether the value before it did. */
export type Condition = (value: Value, before: boolean) => boolean;

/** Every value meets it. */
export const ALWAYS: Condition = () => true;

/** Makes the condition of a reaction. */
export function conditionOf({ is, above, below, until }: ReactionOptions): Condition {
  if (is !== undefined) return (value) => isSame(value, is);
  if (above !== undefined) return (value, before) => Number(value) > (before ? (until ?? above) : above);
  if (below !== undefined) return (value, before) => Number(value) < (before ? (until ?? below) : below);
  return ALWAYS;
}

/** On and off are 1 and 0, too. One of the labels of bits is met if it is among them. */
export function isSame(value: Value, wanted: Value): boolean {
  if (typeof value !== 'object') {
    return typeof value === 'boolean' || typeof wanted === 'boolean'
      ? Number(value) === Number(wanted)
      : value === wanted;
  }
  if (typeof wanted !== 'object') return value.some((each) => each === wanted);
  return value.length === wanted.length && value.every((each, i) => each === wanted[i]);
}
