import { Scalar } from 'yaml';
import { z } from 'zod';
import type { Path } from '../ground/path.js';
import { secrets } from '../ground/schema.js';
import { type Place, type Schema, stepInto } from './schema-place.js';

/** Stands for a secret: a variable of the environment. */
export class Hidden extends Scalar<string> {
  override comment = ' hidden: set it in the environment';
}

/** The value with variables in the places of its secrets. */
export function hideSecrets(value: unknown, schema: Schema): unknown {
  return hidden({ path: [], schema, value });
}

function hidden(place: Place): unknown {
  const { value, path } = place;
  if (typeof value === 'string') return hiddenText(value, variableAt(path), formOf(place.schema));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((_, i) => hidden(stepInto(place, i)));
  return Object.fromEntries(Object.keys(value).map((key) => [key, hidden(stepInto(place, key))]));
}

function formOf(schema: Schema): 'text' | 'url' | undefined {
  if (schema instanceof z.ZodOptional) return formOf(schema.unwrap());
  return secrets.get(schema)?.form;
}

function hiddenText(text: string, variable: string, form: 'text' | 'url' | undefined): string | Hidden {
  if (form === undefined) return text;
  if (form === 'text') return new Hidden(`\${${variable}}`);
  const [, before, after] = /^([a-z]+:\/\/[^/@]*?):[^/@]*(@.*)$/i.exec(text) ?? [];
  return before === undefined ? text : new Hidden(`${before}:\${${variable}_PASSWORD}${after}`);
}

/** `HTTP_TOKEN` for the key `token` of `http`. */
function variableAt(path: Path): string {
  return path
    .join('_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/\W/g, '_')
    .toUpperCase();
}
