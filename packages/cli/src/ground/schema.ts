import { z } from 'zod';

// The parts of the config's schema. Each key has a title and a description, which editors show. Defaults are only
// shown, too: the library fills them in.

/** How messages describe a value if its schema does not say it in words. */
export const wording = z.registry<{ expected: string }>();

/**
 * Texts that are for nobody else: messages do not repeat them, and `busbar print` hides them; in a `url`, it hides the
 * password.
 */
export const secrets = z.registry<{ form: 'text' | 'url' }>();

/** The same schema, for a text that is for nobody else. */
export function secret<T extends z.ZodType>(schema: T, form: 'text' | 'url' = 'text'): T {
  secrets.add(schema, { form });
  return schema;
}

/** How editors show a key. */
interface About {
  title: string;
  description: string;
  default?: unknown;
}

export function integer(about: About, minimum: number, maximum: number) {
  return z
    .int()
    .min(minimum)
    .max(maximum)
    .meta({ ...about });
}

export function flag(title: string, description: string, fallback?: boolean) {
  return z.boolean().meta({ title, description, ...(fallback !== undefined && { default: fallback }) });
}

/** A text that is not empty. */
export function name(title: string, description: string) {
  return z.string().min(1).meta({ title, description });
}

export function text(title: string, description: string) {
  return z.string().meta({ title, description });
}

/** One of these words. */
export function word<const T extends string>(about: About, allowed: readonly T[]) {
  return z.enum(allowed).meta({ ...about });
}

/** One of these numbers. */
export function number<const T extends number>(about: About, allowed: readonly T[]) {
  return z.literal(allowed).meta({ ...about });
}

export function list<T extends z.ZodType>(title: string, description: string, items: T) {
  return z.array(items).meta({ title, description });
}

/** A list of at least one. */
export function filledList<T extends z.ZodType>(title: string, description: string, items: T) {
  return z.array(items).min(1).meta({ title, description });
}

/** Keywords of JSON Schema for rules that zod cannot state. They are for editors; the library checks these rules. */
export interface Rules {
  oneOf?: { required: string[] }[];
  anyOf?: ({ required: string[] } | { type: 'object'; patternProperties: object })[];
  dependencies?: Record<string, string[]>;
  patternProperties?: object;
}

/** A map with these keys and no others. */
export function map<T extends z.ZodRawShape>(title: string, description: string, shape: T, rules: Rules = {}) {
  return z.strictObject(shape).meta({ title, description, ...rules });
}

/** The same schema, which the JSON Schema has only once, under this id, however often it is used. */
export function definition<T extends z.ZodType>(id: string, schema: T): T {
  return schema.meta({ ...schema.meta(), id });
}

/** For rules: one alternative per key. */
export function each(...keys: string[]): { required: string[] }[] {
  return keys.map((key) => ({ required: [key] }));
}

/** The same list, but no item may stand in it twice. */
export function withoutRepeats<T extends z.ZodArray>(schema: T) {
  const about = schema.meta();
  const checked = schema.check(({ value, issues }) => {
    const second = value.findIndex((item, i) => value.indexOf(item) < i);
    if (second < 0) return;
    const message = `expected each only once, found the same at [${second}] and [${value.indexOf(value[second])}]`;
    issues.push({ code: 'custom', input: value, message });
  });
  return checked.meta({ ...about, uniqueItems: true });
}
