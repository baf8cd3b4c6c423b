import { z } from 'zod';
import { durationSchema, timeSchema, unitKeySchema } from './values.js';

// The running command: its listeners, clients, faults and simulation.

const listenerSchema = z
  .strictObject({
    name: z.string(),
    type: z.string().meta({ description: '`tcp`, `tls`, `udp`, `serial` …' }),
    place: z.string().meta({ description: 'Where it listens: `tcp 127.0.0.1:5020`.' }),
    units: z.array(unitKeySchema),
    state: z.enum(['listening', 'waiting', 'closed']).meta({ description: '`waiting`: for its serial port.' }),
  })
  .meta({ id: 'Listener' });

export const simulationSchema = z
  .strictObject({
    running: z.boolean(),
    speed: z.number().meta({ description: '60: an hour in a minute.' }),
    seed: z.int(),
    time: z.number().meta({ description: 'Milliseconds of virtual time since the beginning.' }),
    date: timeSchema.meta({ description: 'The virtual date, in milliseconds since 1970.' }),
    tick: z.number().meta({ description: 'Milliseconds of a step.' }),
    scenarios: z.array(z.strictObject({ unit: unitKeySchema, name: z.string(), running: z.boolean() })),
    moving: z.int().meta({ description: 'How many points are moved.' }),
  })
  .meta({ id: 'Simulation' });

export const simulationChangeSchema = z
  .strictObject({
    running: z.boolean().optional(),
    speed: z.number().optional(),
    step: durationSchema.optional().meta({ description: 'Lets so much time pass at once: `1m`.' }),
  })
  .meta({ id: 'SimulationChange' });

const unitKeys = (description: string) => z.array(unitKeySchema).meta({ description });

/** Where values are kept. */
const storageSchema = z
  .strictObject({
    in: z.string().meta({ description: 'The folder of the store, as the config or the command line has it.' }),
    mode: z.enum(['durable', 'interval']),
    state: z.enum(['ready', 'failing', 'closed']),
    problem: z.string().optional().meta({ description: 'Why the store fails.' }),
    units: unitKeys('Whose values are kept.'),
  })
  .meta({ id: 'Storage' });

/** With whom values are shared. */
const sharingSchema = z
  .strictObject({
    image: z.string(),
    redis: z.string().meta({ description: 'Where Redis is, without the password.' }),
    reads: z.enum(['local', 'latest']),
    whenAway: z.enum(['refuse', 'stale', 'detach']),
    state: z
      .enum(['ready', 'away', 'detached', 'closed'])
      .meta({ description: '`away`: Redis does not answer; `detached`: so, and this server goes on alone.' }),
    problem: z.string().optional().meta({ description: 'Why Redis is away, or takes no writes.' }),
    units: unitKeys('Whose values are shared.'),
    leads: unitKeys('Whose points this server moves.'),
  })
  .meta({ id: 'Sharing' });

export const rootSchema = z
  .strictObject({
    version: z.string(),
    started: timeSchema,
    config: z.string().nullable().meta({ description: 'The config file; null for the test device.' }),
    writable: z.boolean().meta({ description: 'false: the token of this request may only read.' }),
    listeners: z.array(listenerSchema),
    units: z.array(z.strictObject({ key: unitKeySchema, id: z.int(), name: z.string().optional(), points: z.int() })),
    faults: z.strictObject({ active: z.int(), all: z.int() }),
    simulation: simulationSchema.nullable().meta({ description: 'null: nothing is simulated.' }),
    storage: storageSchema.nullable().meta({ description: 'null: nothing is kept.' }),
    sharing: sharingSchema.nullable().meta({ description: 'null: nothing is shared.' }),
  })
  .meta({ id: 'Root' });

/** A client as others see it. */
export const peerSchema = z.strictObject({
  address: z.string().nullable().meta({ description: 'null where the transport has none, such as a serial line.' }),
  port: z.int().nullable(),
  transport: z.string(),
  role: z.string().optional().meta({ description: 'From its certificate.' }),
});

export const clientSchema = peerSchema
  .extend({
    id: z.string(),
    listener: z.string(),
    since: timeSchema,
    requests: z.int(),
    exceptions: z.int(),
    lastRequest: timeSchema.nullable(),
  })
  .meta({ id: 'Client' });

const counts = z.record(z.string(), z.int());

export const countersSchema = z
  .strictObject({
    listeners: z.record(z.string(), counts).meta({ description: 'By the name of the listener.' }),
    units: z.record(z.string(), counts).meta({ description: 'By the key of the unit.' }),
  })
  .meta({ id: 'Counters' });

/** With the other keys that faults of the config have: those are checked by the simulator. */
export const faultSchema = z
  .looseObject({
    name: z.string(),
    active: z.boolean(),
    hits: z.int().meta({ description: 'Requests and connections that it has hit.' }),
    left: z.number().optional().meta({ description: 'Milliseconds until it switches itself off.' }),
  })
  .meta({ id: 'Fault' });

export const addedFaultSchema = faultSchema
  .extend({
    warnings: z.array(z.string()).optional().meta({ description: 'What is doubtful: it may hit less than was meant.' }),
  })
  .meta({ id: 'AddedFault' });

/** As in the config. */
export const faultOptionsSchema = z.looseObject({ name: z.string().max(100) }).meta({ id: 'FaultOptions' });

export const faultSwitchSchema = z.strictObject({ active: z.boolean() }).meta({ id: 'FaultSwitch' });

export const reloadSchema = z
  .strictObject({
    changed: z.array(z.string()).meta({ description: 'What has changed, in words.' }),
    restart: z.array(z.string()).meta({ description: 'Keys of the config whose change only a restart applies.' }),
  })
  .meta({ id: 'Reloaded' });

/** RFC 9457, `application/problem+json`. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong, where, and what to do.' }),
    allowed: z.array(z.string()).optional().meta({ description: 'What is allowed instead.' }),
    problems: z.array(z.string()).optional().meta({ description: 'All that is wrong, one text each.' }),
  })
  .meta({ id: 'Problem' });

export type Listener = z.output<typeof listenerSchema>;
export type Storage = z.output<typeof storageSchema>;
export type Sharing = z.output<typeof sharingSchema>;
export type Root = z.output<typeof rootSchema>;
export type Peer = z.output<typeof peerSchema>;
export type Client = z.output<typeof clientSchema>;
export type Fault = z.output<typeof faultSchema>;
export type AddedFault = z.output<typeof addedFaultSchema>;
export type Simulation = z.output<typeof simulationSchema>;
export type SimulationChange = z.output<typeof simulationChangeSchema>;
export type Problem = z.output<typeof problemSchema>;
