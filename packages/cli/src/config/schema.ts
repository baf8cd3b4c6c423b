import { listenerSchema, unknownUnitSchema } from './schema-listen.js';
import type { JsonSchema } from './schema-parts.js';
import { identitySchema, unitSchema } from './schema-unit.js';

/** The config file as JSON Schema draft-07; every key has a title and a description, which editors show. */
export const configSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Busbar config',
  description: 'The Modbus devices that `busbar serve --config FILE` serves, and where it listens for clients.',
  type: 'object',
  required: ['units'],
  additionalProperties: false,
  properties: {
    $schema: {
      title: 'Schema of this file',
      description: 'Path or address of the JSON Schema of this file, for editors; Busbar does not read it.',
      type: 'string',
    },
    listen: {
      title: 'Listeners',
      description: 'Where clients connect. Without it (and without --tcp): TCP on 127.0.0.1:5020.',
      type: 'array',
      minItems: 1,
      items: listenerSchema,
    },
    units: {
      title: 'Units',
      description: 'The devices, each behind a unit id. The first is the default unit.',
      type: 'array',
      minItems: 1,
      items: unitSchema,
    },
    identity: {
      ...identitySchema,
      title: 'Default identity',
      description: 'Identity of every unit that has none of its own (function 2B/0E).',
    },
    unknownUnit: {
      ...unknownUnitSchema,
      title: 'Unknown units, default',
      description:
        'For all listeners without their own unknownUnit: how a request to a unit id that is not configured is met.',
    },
  },
};
