import { z } from 'zod';

// What the schema of the config is made of. Each key has a title and a description, which editors show; a default is told only,
// as the library has its own.

/** What messages call a value, where that is not plain from its schema. */
export const wording = z.registry<{ expected: string }>();

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

/** JSON Schema's keywords for what zod cannot say. Only editors are told: the library checks it anyhow. */
interface Rules {
  oneOf?: { required: string[] }[];
  anyOf?: { required: string[] }[];
  dependencies?: Record<string, string[]>;
}

/** A map with these keys and no others. */
export function map<T extends z.ZodRawShape>(title: string, description: string, shape: T, rules: Rules = {}) {
  return z.strictObject(shape).meta({ title, description, ...rules });
}

/** For rules: each of these keys alone. */
export function each(...keys: string[]): { required: string[] }[] {
  return keys.map((key) => ({ required: [key] }));
}

/** The same list, refused where an item stands in it twice. */
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
