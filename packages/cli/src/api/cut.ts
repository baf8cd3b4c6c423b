import { z } from 'zod';

// A schema finds all that is wrong with a value. Of a body of a million wrong items that takes minutes and gigabytes, in
// which no device is served: so a value is cut behind what is wrong first, before a schema gets it.

type Schema = z.core.$ZodType;

/** What is left of a value. If it is right, that is all of it. */
interface Cut {
  readonly value: unknown;
  readonly right: boolean;
}

/** So many unknown keys of a map are left. */
const UNKNOWN_KEYS = 20;

/** A value up to the first wrong item of each list, and the first wrong entry of each record. */
export function cut(schema: Schema, value: unknown): Cut {
  if (schema instanceof z.ZodOptional && value !== undefined) return cut(schema.unwrap(), value);
  const lists = Array.isArray(value) ? listsOf(schema) : [];
  if (Array.isArray(value) && lists.length > 0) return longest(lists.map((list) => cutList(list, value)));
  if (isMap(value) && schema instanceof z.ZodRecord) return cutRecord(schema, value);
  if (isMap(value) && schema instanceof z.ZodObject) return cutObject(schema, value);
  return { value, right: z.safeParse(schema, value).success };
}

function listsOf(schema: Schema): readonly z.ZodArray[] {
  if (schema instanceof z.ZodArray) return [schema];
  return schema instanceof z.ZodUnion ? schema.options.flatMap(listsOf) : [];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By the schema that it fits best. */
function longest([first, ...others]: readonly (Cut & { length: number })[]): Cut {
  return others.reduce((best, each) => (each.right || each.length > best.length ? each : best), first);
}

function cutList(schema: z.ZodArray, list: readonly unknown[]): Cut & { length: number } {
  for (const [i, item] of list.entries()) {
    const { value, right } = cut(schema.element, item);
    if (!right) return { value: [...list.slice(0, i), value], right, length: i };
  }
  return { value: list, right: passes(schema, list), length: list.length };
}

function cutRecord(schema: z.ZodRecord, record: Readonly<Record<string, unknown>>): Cut {
  const entries = Object.entries(record);
  for (const [i, [key, each]] of entries.entries()) {
    const { value, right } = cut(schema.valueType, each);
    if (!right) return { value: Object.fromEntries([...entries.slice(0, i), [key, value]]), right };
  }
  return { value: record, right: passes(schema, record) };
}

function cutObject(schema: z.ZodObject, map: Readonly<Record<string, unknown>>): Cut {
  const { shape, def } = schema;
  const entries = Object.entries(map);
  const known = entries.flatMap(([key, each]) =>
    Object.hasOwn(shape, key) ? [{ key, ...cut(shape[key], each) }] : [],
  );
  const unknown = entries.filter(([key]) => !Object.hasOwn(shape, key));
  const isStrict = def.catchall instanceof z.ZodNever;
  const right = known.every((each) => each.right) && !(isStrict && unknown.length > 0);
  if (right) return { value: map, right: passes(schema, map) };
  const others = isStrict ? unknown.slice(0, UNKNOWN_KEYS) : unknown;
  return { value: Object.fromEntries([...known.map(({ key, value }) => [key, value]), ...others]), right };
}

/** Whether it passes the checks of the whole, such as for its length, if all its parts are right. */
function passes(schema: z.ZodType, value: unknown): boolean {
  return schema instanceof z.ZodObject || schema.def.checks?.length ? schema.safeParse(value).success : true;
}
