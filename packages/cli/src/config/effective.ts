import { z } from 'zod';
import { DEFAULT_LISTENER } from '../listeners/server.js';
import { hideSecrets } from './hidden.js';
import { parseConfig } from './load.js';
import { valueAt } from './parts.js';
import { configSchema } from './schema.js';
import { branchFor, type Schema } from './schema-place.js';
import { Source } from './source.js';
import { readConfigText, shownName } from './text.js';

/** Where defaults are filled in. Elsewhere what is left out depends on its neighbours. */
const FILLED = new Set(['listen', 'units', 'access']);

/** Without it, a listener has that of the whole file. */
const INHERITED = new Set(['unknownUnit']);

/**
 * Reads a config, with the values that its absent keys have, and with variables in the places of its secrets.
 * @param file `-` is the standard input. @throws ConfigError
 */
export function readEffective(file: string): object {
  const [text, name] = [readConfigText(file), shownName(file)];
  parseConfig(text, name);
  return effectiveConfig(new Source(text, name).value);
}

function effectiveConfig(config: unknown): object {
  const given = { listen: [DEFAULT_LISTENER], ...Object(config) };
  const { $schema: _, ...filled } = Object.fromEntries(filledEntries(configSchema, given, ''));
  return Object(hideSecrets(filled, configSchema));
}

function filledValue(schema: Schema, value: unknown, key: string): unknown {
  const branch = branchFor(schema, value);
  if (branch instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => filledValue(branch.element, item, key));
  return branch instanceof z.ZodObject ? Object.fromEntries(filledEntries(branch, value, key)) : value;
}

function filledEntries(schema: z.ZodObject, value: unknown, owner: string): [string, unknown][] {
  return Object.entries(schema.shape).flatMap(([key, inner]): [string, unknown][] => {
    const given = valueAt(value, key);
    if (given !== undefined) return [[key, FILLED.has(key) ? filledValue(inner, given, key) : given]];
    const fallback = owner === 'listen' && INHERITED.has(key) ? undefined : defaultOf(inner);
    return fallback === undefined ? [] : [[key, fallback]];
  });
}

function defaultOf(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return defaultOf(schema.unwrap());
  return schema instanceof z.ZodType ? schema.meta()?.default : undefined;
}
