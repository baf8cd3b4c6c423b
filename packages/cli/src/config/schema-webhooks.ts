import { z } from 'zod';
import { filledList, list, map, name, secret, wording } from '../ground/schema.js';

/** What can be told of. */
const HOOK_EVENTS = ['change', 'write', 'connect', 'disconnect', 'fault', 'simulation', 'log'] as const;

const hookEvent = z.enum(HOOK_EVENTS);

const on = z
  .union([hookEvent, z.array(hookEvent).min(1)])
  .register(wording, { expected: `one of ${HOOK_EVENTS.join(', ')}, or a list of them` })
  .meta({ title: 'Events', description: `What is told: ${HOOK_EVENTS.join(', ')}, or a list of them.` });

const unit = z
  .union([z.int().min(0).max(255), z.string().min(1)])
  .register(wording, { expected: 'the id or the name of a unit' })
  .meta({ title: 'Unit', description: 'Changes and writes only of this unit: its id, or its name.' });

const webhook = map('Webhook', 'An address that is told what happens.', {
  on,
  unit: unit.optional(),
  points: filledList(
    'Points',
    'Changes and writes only of these points of the unit.',
    name('Point', 'The name of a point.'),
  ).optional(),
  url: secret(name('Address', 'Where each event is sent by POST: http://… or https://…'), 'url'),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), secret(z.string().regex(/^[\t\x20-\x7e]*$/)))
    .register(wording, { expected: 'a map of headers and their texts' })
    .meta({ title: 'Headers', description: 'Sent with each event, such as Authorization.' })
    .optional(),
});

export const webhooksSchema = list('Webhooks', 'Who is told what happens, by HTTP.', webhook);

export type Webhook = z.infer<typeof webhook>;
