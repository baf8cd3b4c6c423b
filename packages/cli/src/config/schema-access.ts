import { z } from 'zod';
import { each, filledList, integer, list, map, number } from '../ground/schema.js';
import { address, count, functionRules, table } from '../listeners/schema-common.js';

function bound(title: string, description: string) {
  return integer({ title, description }, -32768, 65535);
}

const readOnlyRange = map('Read-only range', 'Addresses that clients may read but not write.', {
  table: table(['coils', 'holdingRegisters']),
  start: address('First address of the range.'),
  count,
});

const valueLimit = map(
  'Value limit',
  'A range of registers and what they take: min and max (one or both), or enum. With a negative number they are signed.',
  {
    table: table(['holdingRegisters']),
    start: address('First address of the range.'),
    count,
    min: bound('Least value', 'The least value that clients may write.').optional(),
    max: bound('Greatest value', 'The greatest value that clients may write.').optional(),
    enum: filledList(
      'Allowed values',
      'The only values that clients may write.',
      bound('Value', 'An allowed value.'),
    ).optional(),
  },
  { anyOf: each('min', 'max', 'enum') },
);

export const accessSchema = map('Access rules', 'What clients may do with this unit.', {
  functions: functionRules(
    'The only functions that clients may use; others answer exception 01. Default: all.',
  ).optional(),
  readOnly: z
    .union([z.boolean(), z.array(readOnlyRange)])
    .meta({
      title: 'Read-only',
      description: 'true: clients write nothing, files neither. A list: they do not write these ranges.',
    })
    .optional(),
  readOnlyException: number(
    {
      title: 'Exception for read-only',
      description: 'Exception code that answers a write to a read-only range.',
      default: 2,
    },
    [1, 2, 3],
  ).optional(),
  limits: list(
    'Value limits',
    'What clients may write to registers; anything else answers exception 03.',
    valueLimit,
  ).optional(),
});
