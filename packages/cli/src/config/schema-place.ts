import { z } from 'zod';
import type { Path } from '../ground/path.js';
import { valueAt } from './parts.js';

export type Schema = z.core.$ZodType;

/** A value of the config with its schema; undefined if it is missing. */
export interface Place {
  path: Path;
  schema: Schema;
  value: unknown;
}

const ANYTHING = z.unknown();

/** The place of a key or an item. */
export function stepInto({ path, schema, value }: Place, key: PropertyKey): Place {
  const step = typeof key === 'number' ? key : String(key);
  return { path: [...path, step], schema: inside(schema, value, key) ?? ANYTHING, value: valueAt(value, step) };
}

function inside(schema: Schema, owner: unknown, key: PropertyKey): Schema | undefined {
  const branch = branchFor(schema, owner);
  if (branch instanceof z.ZodObject) return branch.shape[String(key)];
  if (branch instanceof z.ZodArray) return branch.element;
  if (branch instanceof z.ZodRecord) return branch.valueType;
  return branch instanceof z.ZodDiscriminatedUnion ? z.enum(tagsOf(branch)) : undefined;
}

/** The branch of a schema for this value. If a map lacks the key that tells its kind, the schema itself. */
export function branchFor(schema: Schema, value: unknown): Schema {
  if (schema instanceof z.ZodOptional) return branchFor(schema.unwrap(), value);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const tag = valueAt(value, schema.def.discriminator);
    return schema.options.find((option) => tagOf(option, schema.def.discriminator)?.has(tag)) ?? schema;
  }
  if (!(schema instanceof z.ZodUnion)) return schema;
  const type = Array.isArray(value) ? z.ZodArray : z.ZodObject;
  return schema.options.find((option) => option instanceof type) ?? schema;
}

/** The allowed values of the key that tells the branches apart. */
function tagsOf(schema: z.ZodDiscriminatedUnion): string[] {
  const values = schema.options.flatMap((option) => [...(tagOf(option, schema.def.discriminator) ?? [])]);
  return values.filter((value) => value !== undefined).map(String);
}

function tagOf(option: Schema, key: string): ReadonlySet<unknown> | undefined {
  return option instanceof z.ZodObject ? option.shape[key]?._zod.values : undefined;
}
