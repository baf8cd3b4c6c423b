import { z } from 'zod';
import {
  addressSchema,
  byteOrderSchema,
  numberSchema,
  numberTypeSchema,
  rawSchema,
  sourceSchema,
  tableSchema,
  timeSchema,
  unitKeySchema,
  valueSchema,
} from './values.js';

// Units, their points and their tables.

const rangesSchema = z.array(z.strictObject({ start: addressSchema, count: z.int() }));

export const unitSchema = z
  .strictObject({
    key: unitKeySchema.meta({ description: 'What paths take for it: its id, or its name where several have the id.' }),
    id: z.int().min(0).max(255),
    name: z.string().optional(),
    points: z.int().meta({ description: 'How many points it has.' }),
    tables: z
      .strictObject({
        coils: rangesSchema,
        discreteInputs: rangesSchema,
        holdingRegisters: rangesSchema,
        inputRegisters: rangesSchema,
      })
      .meta({ description: 'The addresses that are in memory.' }),
    listeners: z.array(z.string()).meta({ description: 'The names of the listeners that serve it.' }),
  })
  .meta({ id: 'Unit' });

export const pointSchema = z
  .strictObject({
    unit: unitKeySchema,
    name: z.string(),
    table: tableSchema,
    address: addressSchema,
    bit: z.int().min(0).max(15).optional(),
    reference: z.string().meta({ description: 'The number that manuals use: `40001`.' }),
    place: z.string().meta({ description: 'Both forms of its place: `holding 0 (40001)`.' }),
    quantity: z.int().meta({ description: 'Number of bits or registers.' }),
    type: z.string().meta({ description: '`bool`, `int16`, `float32`, `string` …' }),
    order: byteOrderSchema,
    scale: z.number().optional(),
    offset: z.number().optional(),
    measure: z.string().optional().meta({ description: 'Unit of measure: `°C`.' }),
    description: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional().meta({ description: 'Labels by their number or bit.' }),
    min: numberSchema.optional().meta({ description: 'The least value that may be written.' }),
    max: numberSchema.optional().meta({ description: 'The greatest value that may be written.' }),
    readOnly: z.boolean().meta({ description: 'Clients cannot write it. This API can.' }),
    simulated: z.string().optional().meta({ description: 'What moves it, in words: `sine 60 to 70`.' }),
    value: valueSchema.nullable().meta({ description: 'null: memory holds no value of its type.' }),
    text: z.string().meta({ description: 'The value for people: `65.0 °C`.' }),
    raw: rawSchema,
    changed: z
      .strictObject({ time: timeSchema, by: sourceSchema })
      .nullable()
      .meta({ description: 'Its last change; null if it has not been seen to change.' }),
  })
  .meta({ id: 'Point' });

export const pointWriteSchema = z.strictObject({ value: valueSchema }).meta({ id: 'PointWrite' });

export const pointsQuerySchema = z.strictObject({
  names: z.string().min(1).optional().meta({ description: 'Only these points, with commas between them.' }),
});

/** Query values are texts; these become the numbers that they stand for. */
const numeral = (least: number, most: number) =>
  z
    .string()
    .regex(/^(0x[0-9a-f]+|\d+)$/i, 'expected a number, such as 10 or 0x0A')
    .transform(Number)
    .pipe(z.int().min(least).max(most));

export const rangeQuerySchema = z.strictObject({
  start: numeral(0, 0xffff).optional().meta({ description: 'Protocol address of the first; by default, the lowest.' }),
  count: numeral(1, 0x10000).optional().meta({ description: 'How many values; by default, up to the next gap.' }),
  type: numberTypeSchema.optional().meta({ description: 'Of registers; by default, uint16.' }),
  order: byteOrderSchema.optional(),
});

export const rangeWriteQuerySchema = rangeQuerySchema
  .omit({ count: true })
  .extend({ start: numeral(0, 0xffff).meta({ description: 'Protocol address of the first.' }) });

const cellsSchema = z.union([z.array(z.boolean()), z.array(numberSchema)]);

export const rangeSchema = z
  .strictObject({
    unit: unitKeySchema,
    table: tableSchema,
    start: addressSchema,
    count: z.int().meta({ description: 'How many values.' }),
    type: z.enum(['bool', ...numberTypeSchema.options]),
    order: byteOrderSchema,
    values: cellsSchema,
    registers: rawSchema.optional().meta({ description: 'The same as registers; absent for coils and inputs.' }),
  })
  .meta({ id: 'Range' });

export const rangeWriteSchema = z.strictObject({ values: cellsSchema }).meta({ id: 'RangeWrite' });

const runsSchema = <T extends z.ZodType>(item: T) =>
  z.array(z.strictObject({ start: addressSchema, values: z.array(item).min(1) }));
const bitRuns = runsSchema(z.boolean()).optional();
const registerRuns = runsSchema(z.int().min(0).max(0xffff)).optional();

/** All values of some units. `tables` is the memory as it was; `points` are the same by name. */
export const snapshotSchema = z
  .strictObject({
    time: timeSchema.optional(),
    units: z.array(
      z.strictObject({
        unit: unitKeySchema,
        points: z.record(z.string(), valueSchema).optional(),
        tables: z
          .strictObject({
            coils: bitRuns,
            discreteInputs: bitRuns,
            holdingRegisters: registerRuns,
            inputRegisters: registerRuns,
          })
          .optional(),
      }),
    ),
  })
  .meta({ id: 'Snapshot' });

export const snapshotNameSchema = z
  .strictObject({ name: z.string().min(1).max(100) })
  .meta({ id: 'SnapshotName', description: 'A snapshot that the server keeps in its memory.' });

/** Values to set: those that are kept under a name, or these. */
export const snapshotChangeSchema = z
  .strictObject({
    name: snapshotNameSchema.shape.name.optional(),
    time: timeSchema.optional(),
    units: snapshotSchema.shape.units.optional(),
  })
  .meta({ id: 'SnapshotChange', description: 'The `name` of one that is kept, or `units` with their values.' });

export type Unit = z.output<typeof unitSchema>;
export type Point = z.output<typeof pointSchema>;
export type Range = z.output<typeof rangeSchema>;
export type Snapshot = z.output<typeof snapshotSchema>;
