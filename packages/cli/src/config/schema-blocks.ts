import { BYTE_ORDER_NAMES, NUMBER_TYPES } from 'busbar';
import { z } from 'zod';
import { each, integer, list, map, type Rules, word, wording } from '../ground/schema.js';
import { found } from './describe.js';

/** true or 1 is on, false or 0 is off. */
const bit = z.union([z.boolean(), z.int().min(0).max(1)]);

/** One 16-bit register. */
export const register = z.int().min(0).max(65535);

/** Neighbouring items, at most as many as `most`: `count` equal ones, or `values`. */
function block<T extends z.ZodType, More extends z.ZodRawShape>(
  description: string,
  more: More,
  start: z.ZodInt,
  most: number,
  value: T,
  rules: Rules = { dependencies: { value: ['count'] } },
) {
  const keys = {
    ...more,
    start,
    count: integer(
      { title: 'Count', description: 'How many; each holds `value`, else zero (off).' },
      1,
      most,
    ).optional(),
    value: value.meta({ title: 'Initial value', description: 'What each of the `count` holds at first.' }).optional(),
    values: z
      .array(value)
      .min(1)
      .max(most)
      .meta({ title: 'Initial values', description: 'One each, from `start` on.' })
      .optional(),
  };
  const title = `${description} Either count, or values. Blocks must not overlap.`;
  return map('Block', title, keys, { oneOf: each('count', 'values'), ...rules });
}

function startFrom(first: 0 | 1) {
  return integer({ title: 'Start', description: `First address, counted from ${first}.` }, first, first + 65535);
}

const type = word(
  {
    title: 'Type',
    description:
      'What the values are: integers, with a sign or of several registers, or floats. `count` counts them, `start` counts registers.',
    default: 'uint16',
  },
  NUMBER_TYPES,
).optional();

const order = word(
  { title: 'Byte order', description: 'Order of the bytes of a value; A is the most significant.', default: 'ABCD' },
  BYTE_ORDER_NAMES,
).optional();

const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint';

/** A number of any type: the library knows which fit. Zod's own numbers leave out those that a float may be. */
export const anyNumber = z
  .unknown()
  .refine(isNumber, { error: ({ input }) => `expected a number, found ${found(input)}` })
  .register(wording, { expected: 'a number' })
  .meta({ type: 'number' });

/** For editors: without a type, values are plain registers. */
const PLAIN = { type: 'integer', minimum: 0, maximum: 65535 };
const PLAIN_VALUES = {
  type: 'object' as const,
  patternProperties: { '^values?$': { anyOf: [PLAIN, { type: 'array', items: PLAIN }] } },
};

function registerBlock(first: 0 | 1) {
  return block('Neighbouring registers.', { type, order }, startFrom(first), 65536, anyNumber, {
    dependencies: { value: ['count'], order: ['type'] },
    anyOf: [{ required: ['type'] }, PLAIN_VALUES],
  });
}

function table<T extends z.ZodType>(title: string, description: string, block: T) {
  return list(title, `${description} Addresses outside of the blocks answer exception 02.`, block).optional();
}

/** @param first what the blocks are numbered from. */
export function bitTable(title: string, description: string, first: 0 | 1) {
  return table(title, description, block('Neighbouring addresses.', {}, startFrom(first), 65536, bit));
}

export function registerTable(title: string, description: string, first: 0 | 1) {
  return table(title, description, registerBlock(first));
}

/** Records of a file. */
export const recordBlock = block(
  'Neighbouring records of a file, one register each.',
  {
    number: integer(
      { title: 'File number', description: 'Number of the file; several blocks may belong to one file.' },
      1,
      65535,
    ),
  },
  integer({ title: 'Start', description: 'First record, counted from 0.' }, 0, 9999),
  10_000,
  register,
);
