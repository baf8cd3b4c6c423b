import { z } from 'zod';
import { DURATION_FORM, durationProblem } from './duration.js';

// The parts of the schema of a simulation. Each key has a title and a description, which editors show.

/** A map with these keys and no others. */
export function map<T extends z.ZodRawShape>(title: string, description: string, shape: T) {
  return z.strictObject(shape).meta({ title, description });
}

export function number(title: string, description: string) {
  return z.number().meta({ title, description });
}

export function flag(title: string, description: string) {
  return z.boolean().meta({ title, description });
}

/** A text that is not empty. */
export function text(title: string, description: string) {
  return z.string().min(1).meta({ title, description });
}

/** Above zero, unless `least` allows zero. */
export function duration(title: string, description: string, least: 'above zero' | 'zero' = 'above zero') {
  return z
    .string({ error: ({ input }) => durationProblem(input) })
    .regex(DURATION_FORM, { error: ({ input }) => durationProblem(input), abort: true })
    .refine((value) => durationProblem(value) === undefined, { error: ({ input }) => durationProblem(input) })
    .refine((value) => least === 'zero' || Number.parseFloat(value) !== 0, 'expected a duration above zero, found none')
    .meta({ title, description, examples: ['5m'] });
}

/** One text, or a list of them. */
export function names(title: string, description: string) {
  const problem = 'expected a name, or a list of names';
  return z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], problem).meta({ title, description });
}

/** @returns the names that {@link names} takes, as a list. */
export function listOf(given: string | readonly string[] | undefined): readonly string[] {
  return typeof given === 'string' ? [given] : (given ?? []);
}

/** Makes the check that a map has exactly one of these keys. @param what they are, in words. */
export function exactlyOne(keys: readonly string[], what: string): (value: object) => string | undefined {
  return (value) => {
    const given = keys.filter((key) => Reflect.get(value, key) !== undefined);
    if (given.length === 1) return undefined;
    const found = given.length === 0 ? 'none' : given.join(' and ');
    return `expected exactly one ${what} (${keys.join(', ')}), found ${found}`;
  };
}

/** Adds a check that says what is wrong with the value, if anything is. */
export function checked<T extends z.ZodType>(schema: T, problem: (value: z.output<T>) => string | undefined): T {
  const about = schema.meta() ?? {};
  return schema
    .check(({ value, issues }) => {
      const message = problem(value);
      if (message !== undefined) issues.push({ code: 'custom', input: value, message });
    })
    .meta(about);
}
