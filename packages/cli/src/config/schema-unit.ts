import { z } from 'zod';
import { flag, integer, list, map, text, wording } from '../ground/schema.js';
import { address } from '../listeners/schema-common.js';
import { accessSchema } from './schema-access.js';
import { behaviour } from './schema-behaviour.js';
import { bitTable, recordBlock, register, registerTable } from './schema-blocks.js';
import { pointsSchema } from './schema-points.js';

/** Longest object that fits a reply: 253 bytes of PDU less the 9 of its header (function 2B/0E). */
const MAX_OBJECT_LENGTH = 244;

/** Longest server id with its additional data: 253 bytes of PDU less function code, byte count and run indicator. */
const MAX_SERVER_ID_LENGTH = 250;

const hexBytes = z.strictObject({
  hex: z
    .string()
    .regex(/^( *[0-9A-Fa-f] *[0-9A-Fa-f])* *$/)
    .register(wording, { expected: 'pairs of hex digits' })
    .meta({ title: 'Bytes in hex', description: 'Bytes, two hex digits each, such as "00ff" or "00 ff".' }),
});

/** A text, or bytes as `{ hex: "00ff" }`. */
function bytes(title: string, description: string, most: number) {
  return z.union([z.string().max(most), hexBytes]).meta({ title, description });
}

function object(title: string, description: string) {
  const forms = `A text, or bytes as { hex: "00ff" }; at most ${MAX_OBJECT_LENGTH} bytes.`;
  return bytes(title, `${description} ${forms}`, MAX_OBJECT_LENGTH);
}

const objectId = z
  .string()
  .regex(/^(12[89]|1[3-9][0-9]|2[0-4][0-9]|25[0-5])$/)
  .register(wording, { expected: 'an object id from 128 to 255' });

export function identitySchema(title: string, description: string) {
  return map(title, description, {
    vendorName: object('Vendor name', 'Object 00: who makes the device.'),
    productCode: object('Product code', 'Object 01: which product it is.'),
    majorMinorRevision: object('Revision', 'Object 02: its version, such as "1.0" (in quotes, as it is a text).'),
    vendorUrl: object('Vendor URL', 'Object 03: web address of the vendor.').optional(),
    productName: object('Product name', 'Object 04: name of the product.').optional(),
    modelName: object('Model name', 'Object 05: name of the model.').optional(),
    userApplicationName: object('Application name', 'Object 06: what the device is used for.').optional(),
    objects: z
      .record(objectId, object('Private object', "One of the device's own objects."))
      .meta({ title: 'Private objects', description: "The device's own objects, with ids from 128 to 255." })
      .optional(),
  });
}

const files = list(
  'Files',
  'Files of records for the functions 14 and 15. Records outside of the blocks answer exception 02.',
  recordBlock,
);

const fifos = list(
  'FIFO queues',
  'Queues for the function 18.',
  map('FIFO queue', 'A queue of registers; while it holds more than 31, clients get exception 03.', {
    pointer: address('Pointer address under which clients read the queue.'),
    values: z
      .array(register)
      .max(65536)
      .meta({ title: 'Values', description: 'What the queue holds at first, the oldest first.' })
      .optional(),
  }),
);

const serverId = map('Server id', 'What function 11 (report server id) answers.', {
  id: z
    .union([z.int().min(0).max(255), z.string().max(MAX_SERVER_ID_LENGTH), hexBytes])
    .meta({ title: 'Id', description: 'The id: a byte from 0 to 255, a text, or bytes as { hex: "00ff" }.' }),
  running: flag('Running', 'The run indicator: true is on (FF).', true).optional(),
  additional: bytes(
    'Additional data',
    'What follows the run indicator: a text, or bytes as { hex: "00ff" }.',
    MAX_SERVER_ID_LENGTH,
  ).optional(),
});

const mirroredCoils = z.strictObject({
  coils: integer({ title: 'First coil', description: 'Address of the first of the eight coils.' }, 0, 65528),
});

const exceptionStatus = z.union([z.int().min(0).max(255), mirroredCoils]).meta({
  title: 'Exception status',
  description: 'What function 07 answers: a byte, or { coils: N } to mirror the coils N to N + 7.',
});

const FIRST_ADDRESS = {
  title: 'First address',
  description:
    'What the blocks of the four tables and the places of points, such as holding 1, are numbered from: 0 as the protocol has it, 1 as manuals have it. All else counts from 0.',
  default: 0,
};

const shared = flag(
  'Shared memory',
  'true: all four tables are the holding registers, and only they have blocks. Coil and discrete input n are bit n % 16 of register n / 16, bit 0 the least significant.',
  false,
);

/** Keys of a unit that say what becomes of its values. */
export const lasting = {
  keep: flag('Keep', 'false: what the unit holds is not kept, although the config has keep.').optional(),
  share: flag('Share', 'false: what the unit holds is not shared, although the config has share.').optional(),
};

/** @param first what its blocks are numbered from, and @param firstAddress how the file says so. */
function unit<T extends z.ZodType>(first: 0 | 1, firstAddress: T) {
  const readWrite = 'Registers that clients read (03) and write (06, 10, 16, 17).';
  return map('Unit', 'One device.', {
    id: integer({ title: 'Unit id', description: 'Unit identifier, 0 to 255; only once on each listener.' }, 0, 255),
    name: text(
      'Name',
      'A name for people; shown in the banner and the log. Listeners may tell units by it.',
    ).optional(),
    firstAddress,
    shared: shared.optional(),
    points: pointsSchema.optional(),
    ...behaviour,
    ...lasting,
    coils: bitTable('Coils', 'Bits that clients read (01) and write (05, 0F).', first),
    discreteInputs: bitTable('Discrete inputs', 'Bits that clients read (02).', first),
    holdingRegisters: registerTable('Holding registers', readWrite, first),
    inputRegisters: registerTable('Input registers', 'Registers that clients read (04).', first),
    identity: identitySchema(
      'Identity',
      'What function 2B/0E (read device identification) answers. The first three are the basic objects.',
    ).optional(),
    files: files.optional(),
    fifos: fifos.optional(),
    serverId: serverId.optional(),
    exceptionStatus: exceptionStatus.optional(),
    access: accessSchema.optional(),
  });
}

export const unitSchema = z
  .discriminatedUnion('firstAddress', [
    unit(0, z.literal(0).meta(FIRST_ADDRESS).optional()),
    unit(1, z.literal(1).meta(FIRST_ADDRESS)),
  ])
  .meta({ title: 'Unit', description: 'One device.' });
