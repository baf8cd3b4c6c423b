import { accessSchema } from './schema-access.js';
import { address, integer, type JsonSchema, list, map, type TableName, text } from './schema-parts.js';

/** Longest object that fits a reply: 253 bytes of PDU less the 9 of its header (function 2B/0E). */
const MAX_OBJECT_LENGTH = 244;

/** Longest server id with its additional data: 253 bytes of PDU less function code, byte count and run indicator. */
const MAX_SERVER_ID_LENGTH = 250;

/** A text, or bytes as `{ hex: "00ff" }`. */
function bytes(title: string, description: string, maxLength: number): JsonSchema {
  return {
    ...map(title, description, ['hex'], {
      hex: {
        title: 'pairs of hex digits',
        description: 'Bytes, two hex digits each, such as "00ff" or "00 ff".',
        type: 'string',
        pattern: '^( *[0-9A-Fa-f] *[0-9A-Fa-f])* *$',
      },
    }),
    type: ['string', 'object'],
    maxLength,
  };
}

function object(title: string, description: string): JsonSchema {
  return bytes(
    title,
    `${description} A text, or bytes as { hex: "00ff" }; at most ${MAX_OBJECT_LENGTH} bytes.`,
    MAX_OBJECT_LENGTH,
  );
}

export const identitySchema: JsonSchema = map(
  'Identity',
  'What function 2B/0E (read device identification) answers. The first three are the basic objects.',
  ['vendorName', 'productCode', 'majorMinorRevision'],
  {
    vendorName: object('Vendor name', 'Object 00: who makes the device.'),
    productCode: object('Product code', 'Object 01: which product it is.'),
    majorMinorRevision: object('Revision', 'Object 02: its version, such as "1.0" (in quotes, as it is a text).'),
    vendorUrl: object('Vendor URL', 'Object 03: web address of the vendor.'),
    productName: object('Product name', 'Object 04: name of the product.'),
    modelName: object('Model name', 'Object 05: name of the model.'),
    userApplicationName: object('Application name', 'Object 06: what the device is used for.'),
    objects: {
      title: 'Private objects',
      description: "The device's own objects, with ids from 128 to 255.",
      type: 'object',
      propertyNames: { title: 'an object id from 128 to 255', pattern: '^(12[89]|1[3-9][0-9]|2[0-4][0-9]|25[0-5])$' },
      additionalProperties: object('Private object', "One of the device's own objects."),
    },
  },
);

const register = integer('Value', 'One 16-bit register, unsigned.', 0, 65535);
const bit: JsonSchema = {
  title: 'Value',
  description: 'true or 1 is on, false or 0 is off.',
  type: ['boolean', 'integer'],
  minimum: 0,
  maximum: 1,
};

/** Neighbouring items, at most as many as `most`: `count` equal ones, or `values`. */
function block(
  description: string,
  start: JsonSchema,
  most: number,
  value: JsonSchema,
  more: Record<string, JsonSchema> = {},
): JsonSchema {
  const required = [...Object.keys(more), 'start'];
  return {
    ...map('Block', `${description} Either count, or values. Blocks must not overlap.`, required, {
      ...more,
      start,
      count: integer('Count', 'How many; each holds `value`, else zero (off).', 1, most),
      value: { ...value, title: 'Initial value', description: 'What each of the `count` holds at first.' },
      values: { ...list('Initial values', 'One each, from `start` on.', value), minItems: 1, maxItems: most },
    }),
    dependencies: { value: ['count'] },
    oneOf: [{ required: ['count'] }, { required: ['values'] }],
  };
}

function table(title: string, description: string, first: 0 | 1, value: JsonSchema): JsonSchema {
  const start = integer('Start', `First address, counted from ${first}.`, first, first + 65535);
  const items = block('Neighbouring addresses.', start, 65536, value);
  return list(title, `${description} Addresses outside of the blocks answer exception 02.`, items);
}

function tables(first: 0 | 1): Record<TableName, JsonSchema> {
  const readWrite = 'Registers that clients read (03) and write (06, 10, 16, 17).';
  return {
    coils: table('Coils', 'Bits that clients read (01) and write (05, 0F).', first, bit),
    discreteInputs: table('Discrete inputs', 'Bits that clients read (02).', first, bit),
    holdingRegisters: table('Holding registers', readWrite, first, register),
    inputRegisters: table('Input registers', 'Registers that clients read (04).', first, register),
  };
}

/** A table whatever its blocks are numbered from: what is in it, `numbering` says. */
function anyTable(name: TableName): JsonSchema {
  const { title, description } = tables(0)[name];
  return { title, description };
}

/** What the blocks of the four tables are, by what they are numbered from; without `firstAddress` the first holds. */
const numbering = ([0, 1] as const).map((first) => ({
  if: { type: 'object', required: first === 0 ? [] : ['firstAddress'], properties: { firstAddress: { const: first } } },
  // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's keyword, and nobody awaits a schema.
  then: { type: 'object', properties: tables(first) },
}));

const filesSchema = list(
  'Files',
  'Files of records for the functions 14 and 15. Records outside of the blocks answer exception 02.',
  block(
    'Neighbouring records of a file, one register each.',
    integer('Start', 'First record, counted from 0.', 0, 9999),
    10_000,
    register,
    { number: integer('File number', 'Number of the file; several blocks may belong to one file.', 1, 65535) },
  ),
);

const fifosSchema = list(
  'FIFO queues',
  'Queues for the function 18.',
  map('FIFO queue', 'A queue of registers; while it holds more than 31, clients get exception 03.', ['pointer'], {
    pointer: address('Pointer address under which clients read the queue.'),
    values: { ...list('Values', 'What the queue holds at first, the oldest first.', register), maxItems: 65536 },
  }),
);

const serverIdSchema = map('Server id', 'What function 11 (report server id) answers.', ['id'], {
  id: {
    ...bytes('Id', 'The id: a byte from 0 to 255, a text, or bytes as { hex: "00ff" }.', MAX_SERVER_ID_LENGTH),
    type: ['integer', 'string', 'object'],
    minimum: 0,
    maximum: 255,
  },
  running: { title: 'Running', description: 'The run indicator: true is on (FF).', type: 'boolean', default: true },
  additional: bytes(
    'Additional data',
    'What follows the run indicator: a text, or bytes as { hex: "00ff" }.',
    MAX_SERVER_ID_LENGTH,
  ),
});

const exceptionStatusSchema: JsonSchema = {
  ...map(
    'Exception status',
    'What function 07 answers: a byte, or { coils: N } to mirror the coils N to N + 7.',
    ['coils'],
    {
      coils: integer('First coil', 'Address of the first of the eight coils.', 0, 65528),
    },
  ),
  type: ['integer', 'object'],
  minimum: 0,
  maximum: 255,
};

export const unitSchema: JsonSchema = {
  ...map('Unit', 'One device.', ['id'], {
    id: integer('Unit id', 'Unit identifier, 0 to 255; only once on each listener.', 0, 255),
    name: text('Name', 'A name for people; shown in the banner and the log. Listeners may tell units by it.'),
    firstAddress: {
      title: 'First address',
      description:
        'What the blocks of the four tables are numbered from: 0 as the protocol has it, 1 as manuals have it. All else counts from 0.',
      type: 'integer',
      enum: [0, 1],
      default: 0,
    },
    coils: anyTable('coils'),
    discreteInputs: anyTable('discreteInputs'),
    holdingRegisters: anyTable('holdingRegisters'),
    inputRegisters: anyTable('inputRegisters'),
    identity: identitySchema,
    files: filesSchema,
    fifos: fifosSchema,
    serverId: serverIdSchema,
    exceptionStatus: exceptionStatusSchema,
    access: accessSchema,
  }),
  allOf: numbering,
};
