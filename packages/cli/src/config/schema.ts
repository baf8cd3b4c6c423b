import { faultSchema, timeSchema } from 'busbar-simulator';
import type { z } from 'zod';
import { filledList, list, map, name, text } from '../ground/schema.js';
import { listenerSchema } from '../listeners/schema.js';
import { unknownUnit } from '../listeners/schema-common.js';
import { httpSchema } from './schema-http.js';
import { keepSchema } from './schema-keep.js';
import { shareSchema } from './schema-share.js';
import { identitySchema, unitSchema } from './schema-unit.js';
import { webhooksSchema } from './schema-webhooks.js';

/** What goes wrong on purpose. */
const faults = list(
  'Faults',
  'What goes wrong on purpose, so that clients can be tested: late, wrong, broken or missing replies.',
  faultSchema,
);

/** The config file. */
export const configSchema = map(
  'Busbar config',
  'The Modbus devices that `busbar serve --config FILE` serves, and where it listens for clients.',
  {
    $schema: text(
      'Schema of this file',
      'Path or address of the JSON Schema of this file, for editors; Busbar does not read it.',
    ).optional(),
    listen: filledList(
      'Listeners',
      'Where clients connect. Without it (and without --tcp): TCP on 127.0.0.1:5020.',
      listenerSchema,
    ).optional(),
    http: httpSchema.optional(),
    webhooks: webhooksSchema.optional(),
    keep: keepSchema.optional(),
    share: shareSchema.optional(),
    module: name(
      'Module',
      'File of code, in JavaScript, whose default export adds custom functions, a request handler and what is to be done at the start.',
    ).optional(),
    units: filledList('Units', 'The devices, each behind a unit id. The first is the default unit.', unitSchema),
    simulation: timeSchema.optional(),
    faults: faults.optional(),
    identity: identitySchema(
      'Default identity',
      'Identity of every unit that has none of its own (function 2B/0E).',
    ).optional(),
    unknownUnit: unknownUnit(
      'Unknown units, default',
      'For all listeners without their own unknownUnit: how a request to a unit id that is not configured is met.',
    ).optional(),
  },
  // Anything there is for anchors only; the source leaves it out.
  { patternProperties: { '^x-': {} } },
);

export type Config = z.infer<typeof configSchema>;
export type ConfigUnit = Config['units'][number];
