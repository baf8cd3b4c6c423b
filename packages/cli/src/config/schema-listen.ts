import { DIAGNOSTICS, UNKNOWN_UNIT } from '../listeners/types.js';
import { functionCodes, integer, type JsonSchema, list, map } from './schema-parts.js';
import { TRANSPORTS } from './schema-transports.js';

export const unknownUnitSchema: JsonSchema = {
  title: 'Unknown units',
  description:
    'How a request to a unit id that is not configured is met: exception 0B (gatewayTargetFailed), exception 0A ' +
    '(gatewayPathUnavailable), no answer (silent), or by the first unit (any).',
  type: 'string',
  enum: [...UNKNOWN_UNIT],
  default: 'gatewayTargetFailed',
};

const limit = (title: string, description: string, least = 1) => integer(title, description, least, 1_000_000_000);

const limitsSchema = map(
  'Limits',
  'Bounds on what clients can take up. Times are in milliseconds; 0 switches one off.',
  [],
  {
    connections: limit('Connections', 'Connections at once. Default: 1000.'),
    requestsInProgress: limit(
      'Requests in progress',
      'Requests of one connection that are carried out at once. Default: 16.',
    ),
    unsentBytes: limit(
      'Unsent bytes',
      'Bytes of replies that a client may leave unread before its requests wait. Default: 65536.',
    ),
    frameTimeout: limit('Frame timeout', 'Time for a begun request to become complete. Default: 10000.', 0),
    idleTimeout: limit('Idle timeout', 'Time without a request, after which a connection is closed. Default: 0.', 0),
    closeTimeout: limit(
      'Close timeout',
      'Time that a client has to take its last replies on a stop. Default: 5000.',
      0,
    ),
  },
);

/** What every type of listener takes. */
const common = {
  units: {
    ...list(
      'Units',
      'The units that this listener serves, by id or by name; the first is its default unit. Default: all.',
      {
        title: 'Unit',
        description: 'Id or name of a unit.',
        type: ['integer', 'string'],
        minimum: 0,
        maximum: 255,
        minLength: 1,
      },
    ),
    minItems: 1,
  },
  unknownUnit: unknownUnitSchema,
  functions: functionCodes(
    'The only functions that clients of this listener may use; others answer exception 01. Default: all.',
  ),
  diagnostics: {
    title: 'Diagnostics',
    description:
      'Which sub-functions of 08 are answered: all; read, those that change nothing for anybody; or none. ' +
      'Default: read, on serial lines all.',
    type: 'string',
    enum: [...DIAGNOSTICS],
  },
  limits: limitsSchema,
  silence: integer(
    'Silence',
    'Milliseconds without a byte after which a begun frame of rtu or ascii is given up. Default: 50, on slow lines more; with ascii 1000.',
    1,
    60_000,
  ),
};

const typeSchema: JsonSchema = {
  title: 'Type',
  description: 'Kind of listener.',
  type: 'string',
  enum: Object.keys(TRANSPORTS),
};

export const listenerSchema: JsonSchema = {
  title: 'Listener',
  description: 'One place where clients connect.',
  type: 'object',
  required: ['type'],
  properties: { type: typeSchema },
  allOf: Object.entries(TRANSPORTS).map(([type, { title, required, properties }]) => ({
    if: { type: 'object', required: ['type'], properties: { type: { const: type } } },
    // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's keyword, and nobody awaits a schema.
    then: map(title, `A ${title} listener.`, required, { type: { const: type }, ...properties, ...common }),
  })),
};
