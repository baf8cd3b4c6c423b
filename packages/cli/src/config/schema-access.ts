import { address, functionCodes, integer, type JsonSchema, list, map } from './schema-parts.js';

const count = integer('Count', 'How many addresses.', 1, 65536);
const bound = (title: string, description: string) => integer(title, description, -32768, 65535);

const readOnlySchema: JsonSchema = {
  ...list(
    'Read-only',
    'true: clients write nothing, files neither. A list: they do not write these ranges.',
    map('Read-only range', 'Addresses that clients may read but not write.', ['table', 'start', 'count'], {
      table: {
        title: 'Table',
        description: 'Table of the range.',
        type: 'string',
        enum: ['coils', 'holdingRegisters'],
      },
      start: address('First address of the range.'),
      count,
    }),
  ),
  type: ['boolean', 'array'],
};

const limitsSchema = list('Value limits', 'What clients may write to registers; anything else answers exception 03.', {
  ...map(
    'Value limit',
    'A range of registers and what they take: min and max (one or both), or enum. With a negative number they are signed.',
    ['table', 'start', 'count'],
    {
      table: { title: 'Table', description: 'Table of the range.', type: 'string', enum: ['holdingRegisters'] },
      start: address('First address of the range.'),
      count,
      min: bound('Least value', 'The least value that clients may write.'),
      max: bound('Greatest value', 'The greatest value that clients may write.'),
      enum: {
        ...list('Allowed values', 'The only values that clients may write.', bound('Value', 'An allowed value.')),
        minItems: 1,
      },
    },
  ),
  anyOf: [{ required: ['min'] }, { required: ['max'] }, { required: ['enum'] }],
});

export const accessSchema: JsonSchema = map('Access rules', 'What clients may do with this unit.', [], {
  functions: functionCodes('The only functions that clients may use; others answer exception 01. Default: all.'),
  readOnly: readOnlySchema,
  readOnlyException: {
    title: 'Exception for read-only',
    description: 'Exception code that answers a write to a read-only range.',
    type: 'integer',
    enum: [1, 2, 3],
    default: 2,
  },
  limits: limitsSchema,
});
