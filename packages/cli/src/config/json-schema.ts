import { z } from 'zod';
import { configSchema } from './schema.js';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The config file as JSON Schema draft-07; every key has a title and a description, which editors show. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodRecord) letKeysBeNumbers(jsonSchema);
      if (zodSchema instanceof z.ZodDiscriminatedUnion) chooseBy(zodSchema.def.discriminator, jsonSchema);
      if (isOneValue(jsonSchema)) allowVariable(jsonSchema);
    },
  });
}

/** Keys that take a number, a boolean or one of several words. */
function isOneValue({ title, type, enum: words, const: only }: JsonSchema): boolean {
  const isOther = words !== undefined || type === 'integer' || type === 'number' || type === 'boolean';
  return title !== undefined && only === undefined && isOther;
}

/** Editors see a variable as a text. */
function allowVariable(schema: JsonSchema): void {
  const { title, description, default: fallback, ...rest } = schema;
  for (const key of Object.keys(rest)) delete schema[key];
  schema.anyOf = [rest, { type: 'string', pattern: '\\$\\{' }];
}

/** Keys are always texts in JSON. In YAML, editors take 0 for a number, and would refuse it. */
function letKeysBeNumbers({ propertyNames }: JsonSchema): void {
  if (typeof propertyNames === 'object') delete propertyNames.type;
}

/** Makes validators look only at the branch that a key names. If they tried all, they could only say that none fits. */
function chooseBy(key: string, schema: JsonSchema): void {
  const branches = (schema.oneOf ?? []).map((branch) => ({ branch, tag: propertyOf(branch, key) }));
  const isNeeded = branches.every(({ branch }) => branch.required?.includes(key));
  delete schema.oneOf;
  schema.type = 'object';
  if (isNeeded) schema.required = [key];
  const { const: _, ...about } = branches[0]?.tag ?? {};
  schema.properties = { [key]: { ...about, enum: branches.flatMap(({ tag }) => tag.const ?? []) } };
  schema.allOf = branches.map(({ branch, tag }) => ({
    if: {
      type: 'object',
      required: branch.required?.includes(key) ? [key] : [],
      properties: { [key]: tag.const === undefined ? {} : { const: tag.const } },
    },
    // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's keyword, and nobody awaits a schema.
    then: branch,
  }));
}

function propertyOf(schema: JsonSchema, key: string): JsonSchema {
  const property = schema.properties?.[key];
  return typeof property === 'object' ? property : {};
}
