import { z } from 'zod';
import { clientSchema, faultSchema, peerSchema, simulationSchema } from './state.js';
import {
  addressSchema,
  byteOrderSchema,
  durationSchema,
  numberSchema,
  numberTypeSchema,
  rawSchema,
  sourceSchema,
  tableSchema,
  timeSchema,
  unitKeySchema,
  valueSchema,
} from './values.js';

// What happens: requests and replies, events, and waiting for them.

export const exchangeSchema = z
  .strictObject({
    id: z.int().meta({ description: 'Grows with each exchange.' }),
    time: timeSchema,
    listener: z.string(),
    client: peerSchema,
    unit: z.int().min(0).max(255).meta({ description: 'The unit id of the request.' }),
    functionCode: z.int().min(0).max(255),
    name: z.string().meta({ description: 'The function in words: `Read holding registers`.' }),
    range: z.strictObject({ table: tableSchema, start: addressSchema, count: z.int() }).optional(),
    points: z.array(z.string()).meta({ description: 'Names of the points that it touches.' }),
    request: z.string().meta({ description: 'The PDU in hexadecimal digits.' }),
    reply: z.string().nullable().meta({ description: 'The PDU in hexadecimal digits; null: there was none.' }),
    summary: z.string().meta({ description: 'The request and its reply in words.' }),
    values: z.union([z.array(z.boolean()), rawSchema]).optional(),
    exception: z.strictObject({ code: z.int(), name: z.string() }).optional(),
    took: z.number().meta({ description: 'Milliseconds from the request to the reply.' }),
    passed: z.literal(true).optional().meta({ description: 'It was between other stations on a serial line.' }),
  })
  .meta({ id: 'Exchange' });

const count = (most: number) =>
  z.string().regex(/^\d+$/, 'expected a number').transform(Number).pipe(z.int().min(0).max(most));
const list = z.string().min(1);

export const trafficQuerySchema = z.strictObject({
  limit: count(1000).optional().meta({ description: 'The last so many, 100 by default.' }),
  unit: count(255).optional().meta({ description: 'Only of this unit id.' }),
  function: count(255).optional().meta({ description: 'Only with this function code.' }),
  client: list.optional().meta({ description: 'Only of clients with this address, or this address and port.' }),
  exception: z.enum(['true', 'false']).optional().meta({ description: 'Only with, or only without an exception.' }),
  listener: list.optional().meta({ description: 'Only of the listener with this name.' }),
});

/** A capture is made bit by bit, so that it may have all. */
export const captureQuerySchema = trafficQuerySchema.extend({
  limit: count(10_000).optional().meta({ description: 'The last so many, all by default.' }),
});

export const EVENT_TYPES = [
  'change',
  'write',
  'connect',
  'disconnect',
  'request',
  'fault',
  'simulation',
  'log',
  'rates',
  'lost',
] as const;

export const eventsQuerySchema = z.strictObject({
  types: list.optional().meta({ description: `With commas between them; all by default: ${EVENT_TYPES.join(', ')}.` }),
  unit: list.optional().meta({ description: 'Changes, writes and requests only of this unit: its id, or its name.' }),
});

const pointChangeSchema = z.strictObject({
  unit: unitKeySchema,
  name: z.string(),
  value: valueSchema.nullable(),
  text: z.string(),
  raw: rawSchema,
  time: timeSchema,
  by: sourceSchema,
});

const rates = z.strictObject({ requests: z.int(), exceptions: z.int(), bytesIn: z.int(), bytesOut: z.int() });

/** The data of each type of event. */
export const eventSchemas = {
  /** At most ten a second. */
  change: z.strictObject({
    points: z.array(pointChangeSchema),
    ranges: z.array(
      z.strictObject({
        unit: unitKeySchema,
        table: tableSchema,
        start: addressSchema,
        count: z.int(),
        by: sourceSchema,
      }),
    ),
  }),
  /** A client wrote. At most a hundred a second; `leftOut` counts those before it that are not told. */
  write: z.strictObject({
    unit: unitKeySchema,
    table: tableSchema,
    start: addressSchema,
    count: z.int(),
    values: z.union([z.array(z.boolean()), rawSchema]),
    points: z.array(pointChangeSchema),
    client: peerSchema,
    time: timeSchema,
    leftOut: z.int().optional(),
  }),
  connect: clientSchema,
  disconnect: clientSchema.extend({ reason: z.string().optional() }),
  /** A sample: at most fifty a second. */
  request: z.strictObject({ exchanges: z.array(exchangeSchema), leftOut: z.int() }),
  fault: z.strictObject({ fault: faultSchema, why: z.string() }),
  simulation: simulationSchema,
  log: z.looseObject({ event: z.string(), text: z.string(), level: z.string(), time: timeSchema }),
  /** Each second. */
  rates: z.strictObject({ time: timeSchema, listeners: z.record(z.string(), rates), clients: z.int() }),
  /** Events before the next one are no longer there: read anew what you show. */
  lost: z.strictObject({ count: z.int().nullable() }),
};

const untilSchema = z
  .strictObject({
    equals: z.union([valueSchema, z.array(z.boolean())]).optional(),
    above: numberSchema.optional(),
    below: numberSchema.optional(),
    written: z.literal(true).optional().meta({ description: 'A client writes it, if to the same value.' }),
    changes: z.literal(true).optional().meta({ description: 'Its content changes, by any source.' }),
  })
  .refine((until) => Object.keys(until).length === 1, 'expected exactly one of equals, above, below, written, changes')
  .meta({ description: 'Exactly one of these.', minProperties: 1, maxProperties: 1 });

/** Whether something is a point, or a range. */
function isOfOne(wait: Partial<Record<'point' | 'table' | 'start' | 'count' | 'type' | 'order', unknown>>): boolean {
  const { point, table, start, count, type, order } = wait;
  const isRange = table !== undefined && start !== undefined;
  return point === undefined ? isRange : [table, start, count, type, order].every((each) => each === undefined);
}

/** Of a point, or of a range of a table. */
export const waitSchema = z
  .strictObject({
    unit: unitKeySchema,
    point: z.string().min(1).optional(),
    table: tableSchema.optional(),
    start: addressSchema.optional(),
    count: z.int().min(1).max(1000).optional().meta({ description: 'How many values; 1 by default.' }),
    type: numberTypeSchema.optional(),
    order: byteOrderSchema.optional(),
    until: untilSchema,
    timeout: durationSchema.optional().meta({ description: 'Up to 5m; default 5s.' }),
  })
  .refine(isOfOne, 'expected either a point, or a table with start, and if need be count, type and order')
  .meta({ id: 'Wait' });

export const waitedSchema = z
  .strictObject({
    unit: unitKeySchema,
    point: z.string().optional(),
    table: tableSchema,
    start: addressSchema,
    count: z.int(),
    value: z.union([valueSchema, z.array(z.boolean()), z.array(numberSchema)]).nullable(),
    text: z.string().optional(),
    by: sourceSchema.nullable().meta({ description: 'Who did it; null: it was so already.' }),
    time: timeSchema,
    took: z.number().meta({ description: 'Milliseconds.' }),
  })
  .meta({ id: 'Waited' });

export type Exchange = z.output<typeof exchangeSchema>;
export type TrafficQuery = z.output<typeof trafficQuerySchema>;
export type EventType = (typeof EVENT_TYPES)[number];
export type EventData<T extends EventType> = z.output<(typeof eventSchemas)[T]>;
export type PointChange = z.output<typeof pointChangeSchema>;
export type Wait = z.output<typeof waitSchema>;
export type Waited = z.output<typeof waitedSchema>;
