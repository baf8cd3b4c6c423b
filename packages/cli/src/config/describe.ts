import { z } from 'zod';
import { secrets, wording } from '../ground/schema.js';
import { didYouMean } from '../ground/suggest.js';
import type { Schema } from './schema-place.js';

/** `expected …, found …`, with a guess at what was meant. */
export function wrongValue(value: unknown, schema: Schema): string {
  return `expected ${allowed(schema)}, found ${isSecret(schema) ? 'something else' : found(value)}${hint(value, schema)}`;
}

function isSecret(schema: Schema): boolean {
  return schema instanceof z.ZodOptional ? isSecret(schema.unwrap()) : secrets.get(schema) !== undefined;
}

/** What was found, short enough for a line. */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return String(value);
  const text = JSON.stringify(value);
  return text.length > 50 ? `the text ${text.slice(0, 40)}…" of ${value.length} characters` : `the text ${text}`;
}

/** Describes what a schema takes. */
export function allowed(schema: Schema): string {
  if (schema instanceof z.ZodOptional) return allowed(schema.unwrap());
  // Such as the number that a text of a query stands for.
  if (schema instanceof z.ZodPipe) return allowed(schema.out);
  return wording.get(schema)?.expected ?? kindsOf(schema).map(allowedKind).join(', or ');
}

/** The alternatives of a schema. */
function kindsOf(schema: Schema): readonly Schema[] {
  if (schema instanceof z.ZodOptional) return kindsOf(schema.unwrap());
  if (schema instanceof z.ZodDiscriminatedUnion) return [schema];
  return schema instanceof z.ZodUnion ? schema.options.flatMap(kindsOf) : [schema];
}

function allowedKind(schema: Schema): string {
  const words = wordsOf(schema);
  if (words.length > 0) return words.length === 1 ? words[0] : `one of ${words.join(', ')}`;
  if (schema instanceof z.ZodNumber) return allowedNumber(schema);
  if (schema instanceof z.ZodString) return allowedText(schema);
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodNull) return 'null';
  if (schema instanceof z.ZodArray) return allowedList(schema);
  return `a map with ${keysOf(schema).join(', ') || 'keys'}`;
}

/** The words or numbers that a value is one of. */
function wordsOf(schema: Schema): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [];
}

function allowedNumber(schema: z.ZodNumber): string {
  const { isInt, minValue, maxValue } = schema;
  const kind = isInt ? 'a whole number' : 'a number';
  const [from, to] = [minValue, maxValue].map((bound) =>
    Math.abs(bound ?? Number.POSITIVE_INFINITY) < Number.MAX_SAFE_INTEGER ? bound : null,
  );
  if (from === null) return kind;
  if (isAbove(schema, from)) return `${kind} above ${from}${to === null ? '' : `, up to ${to}`}`;
  return to === null ? `${kind} of at least ${from}` : `${kind} from ${from} to ${to}`;
}

/** Whether a number must be above its least value, and not that itself. */
function isAbove({ def }: z.ZodNumber, least: number): boolean {
  return (def.checks ?? []).some(
    (check) =>
      check instanceof z.core.$ZodCheckGreaterThan && check._zod.def.value === least && !check._zod.def.inclusive,
  );
}

function allowedText(schema: z.ZodString): string {
  const { minLength, maxLength } = schema;
  const { examples } = schema.meta() ?? {};
  if (maxLength !== null) return `a text of at most ${maxLength} characters`;
  if (Array.isArray(examples)) return `a text such as "${examples[0]}"`;
  return minLength === null ? 'a text' : `a text of at least ${minLength} character`;
}

/** Leaves out the keys of a list's maps: they are long, and the errors of an item name them. */
function allowedList(schema: z.ZodArray): string {
  const sizes = (schema.def.checks ?? []).flatMap((check) => {
    if (check instanceof z.core.$ZodCheckMinLength) return `at least ${check._zod.def.minimum}`;
    return check instanceof z.core.$ZodCheckMaxLength ? `at most ${check._zod.def.maximum}` : [];
  });
  const item = keysOf(schema.element).length > 0 ? 'a map' : allowed(schema.element);
  return `a list${sizes.length > 0 ? ` of ${sizes.join(', ')}` : ''}, each ${item}`;
}

/** The keys of a map. If they depend on its kind, only the key that tells the kind. */
export function keysOf(schema: Schema): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return [];
  const [first = [], ...others] = schema.options.map(keysOf);
  const isSame = others.every((keys) => keys.length === first.length && keys.every((key) => first.includes(key)));
  return isSame ? first : [schema.def.discriminator];
}

/** Words that mean true and false in YAML 1.1, and are texts in 1.2. */
const SWITCHES = new Map([
  ...['on', 'yes', 'y'].map((word) => [word, true] as const),
  ...['off', 'no', 'n'].map((word) => [word, false] as const),
]);

function hint(value: unknown, schema: Schema): string {
  const kinds = kindsOf(schema);
  if (typeof value === 'string') {
    const meant = kinds.some((kind) => kind instanceof z.ZodBoolean) ? SWITCHES.get(value.toLowerCase()) : undefined;
    return meant === undefined ? didYouMean(value, kinds.flatMap(wordsOf), '"') : `; write ${meant}`;
  }
  // Such as the revision 1.0, which YAML takes as a number.
  const wantsText =
    kinds.some((kind) => kind instanceof z.ZodString) && !kinds.some((kind) => kind instanceof z.ZodNumber);
  return wantsText && ['number', 'boolean'].includes(typeof value) ? '; put it in quotes to make it a text' : '';
}
