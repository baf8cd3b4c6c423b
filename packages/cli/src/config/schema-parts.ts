/** The part of JSON Schema draft-07 that the config's schema uses. */
export type JsonSchema = {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  default?: unknown;
  enum?: (string | number)[];
  const?: string | number | boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, JsonSchema>;
  propertyNames?: JsonSchema;
  required?: string[];
  dependencies?: Record<string, string[]>;
  additionalProperties?: boolean | JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  if?: JsonSchema;
  then?: JsonSchema;
};

export const TABLES = ['coils', 'discreteInputs', 'holdingRegisters', 'inputRegisters'] as const;
export type TableName = (typeof TABLES)[number];

export function integer(title: string, description: string, minimum: number, maximum: number): JsonSchema {
  return { title, description, type: 'integer', minimum, maximum };
}

export function text(title: string, description: string, maxLength?: number): JsonSchema {
  return maxLength === undefined
    ? { title, description, type: 'string' }
    : { title, description, type: 'string', maxLength };
}

/** A map with these keys and no others. */
export function map(
  title: string,
  description: string,
  required: string[],
  properties: Record<string, JsonSchema>,
): JsonSchema {
  return { title, description, type: 'object', required, additionalProperties: false, properties };
}

export function list(title: string, description: string, items: JsonSchema): JsonSchema {
  return { title, description, type: 'array', items };
}

export const address = (description: string): JsonSchema => integer('Start address', description, 0, 65535);

export const functionCodes = (description: string): JsonSchema => ({
  title: 'Allowed functions',
  description,
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: {
    ...integer(
      'a function code from 1 to 127, or a sub-function such as "08/00"',
      'A Modbus function code, such as 3 (read holding registers), or one sub-function in hexadecimal, such as "08/00".',
      1,
      127,
    ),
    type: ['integer', 'string'],
    pattern: '^[0-9A-Fa-f]{1,2}/[0-9A-Fa-f]{1,4}$',
  },
});
