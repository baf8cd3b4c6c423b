import { BYTE_ORDER_NAMES, POINT_TYPES } from 'busbar';
import { simulateSchema } from 'busbar-simulator';
import { z } from 'zod';
import { definition, flag, integer, map, text, word, wording } from '../ground/schema.js';
import { anyNumber } from './schema-blocks.js';

const place = z
  .union([z.string(), z.int()])
  .register(wording, { expected: 'a place such as holding 0, coil 3 or 40001' })
  .meta({
    title: 'Place',
    description:
      'Where the point is: a table and an address counted from 0 (holding 0, input 0x10, coil 3, discrete 0), a bit of ' +
      'a register (holding 30.0), or a reference of manuals (40001, 400001, 4x0001).',
    examples: ['holding 0', 'input 0', 'coil 0', 'discrete 0', 'holding 0.0', 40001],
  });

const ORDERS = [...BYTE_ORDER_NAMES, 'big', 'little', 'word-swap', 'byte-swap'] as const;

function number(title: string, description: string, fallback?: number) {
  return z.number().meta({ title, description, ...(fallback !== undefined && { default: fallback }) });
}

function limit(title: string, description: string) {
  return anyNumber.meta({ ...anyNumber.meta(), title, description }).register(wording, { expected: 'a number' });
}

const labels = z
  .record(
    z
      .string()
      .regex(/^-?\d+$/)
      .register(wording, { expected: 'a whole number' }),
    z.string(),
  )
  .register(wording, { expected: 'a map of labels by their numbers, such as { 0: off, 1: auto }' })
  .meta({
    title: 'Labels',
    description:
      'Names for numbers, which are then the values: { 0: off, 1: auto }. With type bits: names of the bits.',
  });

const value = z
  .union([z.boolean(), anyNumber, z.string(), z.array(z.union([z.string(), z.int()]))])
  .register(wording, { expected: 'a number, a text, true or false, or a list' })
  .meta({
    title: 'Initial value',
    description:
      "In the point's own unit, after scale and offset: a number, a label, true or false, a text. With type bits: a " +
      'list of labels; with type raw: a list of registers. Default: zero, off, an empty text.',
  });

/** A point, which is a named value. */
const pointSchema = map('Point', 'A named value at its place.', {
  at: place,
  type: word(
    {
      title: 'Type',
      description:
        'What the registers hold. bcd: four decimal digits a register; bits: a set of named bits; unixTime: seconds ' +
        'since 1970 in two registers; raw: registers as they are. Default: bool for single bits, uint16 for registers.',
    },
    POINT_TYPES,
  ).optional(),
  order: word(
    {
      title: 'Byte order',
      description:
        'Order of the bytes of a value, A being the most significant: ABCD (big), CDAB (word-swap), BADC (byte-swap), ' +
        'DCBA (little).',
      default: 'ABCD',
    },
    ORDERS,
  ).optional(),
  scale: number('Scale', 'value = registers * scale + offset: at scale 0.1, 215 is 21.5.', 1).optional(),
  offset: number('Offset', 'Is added after the scale.', 0).optional(),
  unit: text('Unit of measure', 'For people, such as "°C" or kWh.').optional(),
  description: text('Description', 'What the point is, for people.').optional(),
  value: value.optional(),
  min: limit('Least value', 'The least value that clients may write; less gets exception 03.').optional(),
  max: limit('Greatest value', 'The greatest value that clients may write; more gets exception 03.').optional(),
  labels: labels.optional(),
  length: integer(
    {
      title: 'Length',
      description:
        'Number of registers: of string and raw, which need it; of bcd (1 to 3) and bits (1 to 4), default 1.',
    },
    1,
    65536,
  ).optional(),
  padding: word({ title: 'Padding', description: 'What fills up a string.', default: 'nul' }, [
    'nul',
    'space',
  ]).optional(),
  readOnly: flag('Read-only', 'Clients may not write it.', false).optional(),
  whole: flag('Whole', 'A write must cover all of its registers; else exception 03.', false).optional(),
  simulate: simulateSchema.optional(),
});

const pointName = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/)
  .register(wording, { expected: 'a name of letters, digits, _ and -, with a letter first' });

/** The points of a unit, by name. */
export const pointsSchema = z
  .record(pointName, definition('point', pointSchema))
  .register(wording, { expected: 'a map of points by their names' })
  .meta({
    title: 'Points',
    description: 'Named values. They make their addresses exist; blocks may stand beside them, not over them.',
  });
