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

/** What a point holds as a number: that of its label, or that of its bits. @throws DataError */
export function readNumber(point: Point): number {
  const { value, labels = {} } = point;
  if (typeof value === 'object')
    return bitNames(point).reduce((sum, name, i) => sum + (has(value, name) ? 2 ** i : 0), 0);
  if (typeof value !== 'string') return Number(value);
  return Number(Object.keys(labels).find((number) => labels[number] === value));
}

function has(value: readonly unknown[], name: string): boolean {
  return value.includes(name);
}

/** The names of the bits of a point, from bit 0 on. */
export function bitNames({ labels = {}, quantity }: Point): string[] {
  return Array.from({ length: 16 * quantity }, (_, bit) => labels[bit] ?? `bit ${bit}`);
}

export function plainValue(value: Point['value']): Value {
  return typeof value === 'bigint' ? Number(value) : value;
}
