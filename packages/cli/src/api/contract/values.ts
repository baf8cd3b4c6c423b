import { z } from 'zod';

// Parts of many messages. A component of the OpenAPI document has the name of its `id`.

/** Milliseconds since 1970. */
export const timeSchema = z.int().meta({ description: 'Milliseconds since 1970.' });

export const addressSchema = z.int().min(0).max(0xffff).meta({ description: 'Protocol address, counted from 0.' });

/** What a path takes for a unit, too: its id, or its name where several have the id. */
export const unitKeySchema = z
  .union([z.int().min(0).max(255), z.string().min(1)])
  .meta({ description: 'The id of a unit, or its name where several have the same id.' });

export const tableSchema = z
  .enum(['coils', 'discreteInputs', 'holdingRegisters', 'inputRegisters'])
  .meta({ description: 'A table of the Modbus data model.' });

/** The tables, as paths name them. */
export const tableWordSchema = z.enum(['coils', 'discrete', 'holding', 'input']).meta({ description: 'A table.' });

export const byteOrderSchema = z
  .enum(['ABCD', 'BADC', 'CDAB', 'DCBA'])
  .meta({ description: 'Order of the bytes of a value: ABCD is that of the Modbus documents.' });

export const numberTypeSchema = z
  .enum(['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'])
  .meta({ description: 'How registers are read as numbers.' });

const ALSO_AS_TEXTS = 'Whole numbers beyond 2^53 are decimal texts, and so are "NaN", "Infinity" and "-Infinity".';

/** A number, or its text where JSON has no such number. */
export const numberSchema = z.union([z.number(), z.string()]).meta({ description: `A number. ${ALSO_AS_TEXTS}` });

/** The value of a point. */
export const valueSchema = z
  .union([z.boolean(), z.number(), z.string(), z.array(z.string()), z.array(z.number())])
  .meta({ id: 'Value', description: `The value of a point, as its type has it. ${ALSO_AS_TEXTS}` });

/** Registers 0..65535, or bits 0 and 1. */
export const rawSchema = z
  .array(z.int().min(0).max(0xffff))
  .meta({ description: 'The registers as they are in memory, or the single bit.' });

/** `program`, `simulator`, `api` …, or the address of a client. */
export const sourceSchema = z
  .string()
  .meta({ description: 'Who did it: `api`, `program`, `simulator` …, or the address of a client.' });

export const durationSchema = z
  .string()
  .meta({ description: 'A duration with its unit: `250ms`, `5s`, `1.5m`, `2h`.' });

export type Table = z.output<typeof tableSchema>;
export type TableWord = z.output<typeof tableWordSchema>;
export type Value = z.output<typeof valueSchema>;
export type UnitKey = z.output<typeof unitKeySchema>;
