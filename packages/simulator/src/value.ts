import type { Point } from 'busbar';
import { z } from 'zod';

/** What a point can be given: a number in its own unit, a label, a text, on or off, or the labels of bits. */
export type Value = number | boolean | string | readonly (number | string)[];

const PROBLEM = 'expected a number, true or false, a text such as a label, or a list of labels';

/** A value of a point. */
export function value(title: string, description: string) {
  return z
    .union([z.number(), z.boolean(), z.string(), z.array(z.union([z.number(), z.string()]))], PROBLEM)
    .meta({ title, description });
}

/** What a point holds, with large integers as numbers. @throws DataError if it holds no value of its type. */
export function readPoint(point: Point): Value {
  return plainValue(point.value);
}

export function plainValue(value: Point['value']): Value {
  return typeof value === 'bigint' ? Number(value) : value;
}
