import type { JsonSchema } from './schema-parts.js';

/** What was found, short enough for a line. */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return String(value);
  const text = JSON.stringify(value);
  return text.length > 50 ? `the text ${text.slice(0, 40)}…" of ${value.length} characters` : `the text ${text}`;
}

/** What a schema takes, in words. */
export function allowed(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.length === 1 ? String(schema.enum[0]) : `one of ${schema.enum.join(', ')}`;
  if (schema.pattern !== undefined && schema.title !== undefined) return schema.title;
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return types.map((type) => allowedOf(type, schema)).join(', or ') || 'another value';
}

function allowedOf(type: string, schema: JsonSchema): string {
  switch (type) {
    case 'integer':
      return `a whole number from ${schema.minimum} to ${schema.maximum}`;
    case 'null':
      return 'null';
    case 'boolean':
      return 'true or false';
    case 'string':
      return allowedText(schema);
    case 'array':
      return allowedList(schema);
    default:
      return `a map with ${Object.keys(schema.properties ?? {}).join(', ') || 'keys'}`;
  }
}

function allowedText({ minLength, maxLength }: JsonSchema): string {
  if (maxLength !== undefined) return `a text of at most ${maxLength} characters`;
  return minLength === undefined ? 'a text' : `a text of at least ${minLength} character`;
}

/** A map among a list's items goes without its keys: those are long, and stand with the errors of the item itself. */
function eachOf(items: JsonSchema): string {
  return items.type === 'object' ? 'a map' : allowed(items);
}

function allowedList({ minItems, maxItems, items }: JsonSchema): string {
  const sizes = [minItems && `at least ${minItems}`, maxItems && `at most ${maxItems}`].filter(Boolean);
  return `a list${sizes.length > 0 ? ` of ${sizes.join(', ')}` : ''}, each ${items ? eachOf(items) : 'any value'}`;
}
