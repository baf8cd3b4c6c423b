import { z } from 'zod';
import type { Path } from '../ground/path.js';
import type { Work } from './turns.js';

// A schema finds all that is wrong with a value. Of a body of a million wrong items that takes minutes and gigabytes, in
// which no device is served: so a walk finds the parts that are wrong first, and only of these a schema says what.

type Schema = z.core.$ZodType;

/** A part of a value that is not as its schema has it, and small. */
export interface WrongPart {
  readonly path: Path;
  readonly schema: Schema;
  readonly value: unknown;
}

/** So many unknown keys of a map are told. */
const UNKNOWN_KEYS = 20;
/** Items after which the work may be left off. */
const PORTION = 1000;

/** What is wrong with a value: of each list the first item, of each record the first entry. */
export function* wrongParts(schema: Schema, value: unknown, path: Path = []): Work<WrongPart[]> {
  if (schema instanceof z.ZodOptional && value !== undefined) return yield* wrongParts(schema.unwrap(), value, path);
  const lists = Array.isArray(value) ? listsOf(schema) : [];
  if (Array.isArray(value) && lists.length > 0) return yield* inList(lists, value, path);
  if (isMap(value) && schema instanceof z.ZodRecord) return yield* inRecord(schema, value, path);
  if (isMap(value) && schema instanceof z.ZodObject) return yield* inObject(schema, value, path);
  return z.safeParse(schema, value).success ? [] : [{ path, schema, value }];
}

function listsOf(schema: Schema): readonly z.ZodArray[] {
  if (schema instanceof z.ZodArray) return [schema];
  return schema instanceof z.ZodUnion ? schema.options.flatMap(listsOf) : [];
}

type MapValue = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is MapValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By the one of several schemas that fits the most items. */
function* inList(schemas: readonly z.ZodArray[], list: readonly unknown[], path: Path): Work<WrongPart[]> {
  let best: { parts: WrongPart[]; length: number } = { parts: [], length: -1 };
  for (const schema of schemas) {
    const found = yield* inListOf(schema, list, path);
    if (found.parts.length === 0) return [];
    if (found.length > best.length) best = found;
  }
  return best.parts;
}

function* inListOf(schema: z.ZodArray, list: readonly unknown[], path: Path) {
  const { element } = schema;
  for (const [i, item] of list.entries()) {
    if (i % PORTION === PORTION - 1) yield;
    if (typeof item !== 'object' && z.safeParse(element, item).success) continue;
    const parts = yield* wrongParts(element, item, [...path, i]);
    if (parts.length > 0) return { parts, length: i };
  }
  return { parts: passes(schema, list) ? [] : [{ path, schema, value: list }], length: list.length };
}

function* inRecord(schema: z.ZodRecord, record: MapValue, path: Path): Work<WrongPart[]> {
  for (const [i, [key, value]] of Object.entries(record).entries()) {
    if (i % PORTION === PORTION - 1) yield;
    if (!z.safeParse(schema.keyType, key).success) return [{ path, schema, value: { [key]: value } }];
    const parts = yield* wrongParts(schema.valueType, value, [...path, key]);
    if (parts.length > 0) return parts;
  }
  return [];
}

function* inObject(schema: z.ZodObject, map: MapValue, path: Path): Work<WrongPart[]> {
  const { shape, def } = schema;
  const keys = Object.keys(map);
  const known = keys.filter((key) => Object.hasOwn(shape, key));
  const parts: WrongPart[] = [];
  for (const key of known) parts.push(...(yield* wrongParts(shape[key], map[key], [...path, key])));
  const missing = Object.keys(shape).some((key) => !Object.hasOwn(map, key) && !takesNothing(shape[key]));
  const isStrict = def.catchall instanceof z.ZodNever;
  if (!missing && !(isStrict && keys.length > known.length) && (parts.length > 0 || passes(schema, map))) return parts;
  return [...parts, { path, schema: withoutKnown(schema, known), value: withFewUnknown(map, shape) }];
}

function takesNothing(schema: Schema): boolean {
  return z.safeParse(schema, undefined).success;
}

/** What is known has been looked at. */
function withoutKnown(schema: z.ZodObject, known: readonly string[]): z.ZodObject {
  const seen = Object.fromEntries(known.map((key) => [key, z.unknown()]));
  return schema.clone({ ...schema.def, shape: { ...schema.shape, ...seen } });
}

function withFewUnknown(map: MapValue, shape: z.ZodRawShape): MapValue {
  const [known, unknown]: [string[], string[]] = [[], []];
  for (const key of Object.keys(map)) (Object.hasOwn(shape, key) ? known : unknown).push(key);
  return Object.fromEntries([...known, ...unknown.slice(0, UNKNOWN_KEYS)].map((key) => [key, map[key]]));
}

/** Whether the whole passes its own checks, such as for its length, if all its parts are right. */
function passes({ def: { checks = [] } }: z.ZodArray | z.ZodObject, value: readonly unknown[] | MapValue): boolean {
  return checks.every((check) => {
    // The type of a check is that of its schema, which is any list or map here.
    const payload = { value: value as never, issues: [] };
    check._zod.check(payload);
    return payload.issues.length === 0;
  });
}
