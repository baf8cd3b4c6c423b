import { DEFAULT_HOST, DIAGNOSTICS_POLICIES, FRAMING_NAMES, TABLE_NAMES, UNKNOWN_UNIT_POLICIES } from 'busbar';
import { z } from 'zod';
import { filledList, flag, integer, map, name, withoutRepeats, word, wording } from '../ground/schema.js';

export const MAX_TIME = 1_000_000_000;

/** A function code, or a sub-function of one as the Modbus documents write it. */
const functionRule = z
  .union([
    z.int().min(1).max(127),
    z.templateLiteral([z.string().regex(/[0-9A-Fa-f]{1,2}/), '/', z.string().regex(/[0-9A-Fa-f]{1,4}/)]),
  ])
  .register(wording, { expected: 'a function code from 1 to 127, or a sub-function such as "08/00"' })
  .meta({
    title: 'Function',
    description:
      'A Modbus function code, such as 3 (read holding registers), or one sub-function in hexadecimal, such as "08/00".',
  });

export function functionRules(description: string) {
  return withoutRepeats(filledList('Allowed functions', description, functionRule));
}

export function address(description: string) {
  return integer({ title: 'Start address', description }, 0, 65535);
}

export const count = integer({ title: 'Count', description: 'How many addresses.' }, 1, 65536);

export function table<const T extends (typeof TABLE_NAMES)[number]>(allowed: readonly T[]) {
  return word({ title: 'Table', description: 'Table of the range.' }, allowed);
}

export const tableRange = map('Range', 'Neighbouring addresses of a table.', {
  table: table(TABLE_NAMES),
  start: address('First address of the range.'),
  count,
});

export function unknownUnit(title: string, description: string) {
  return word({ title, description, default: 'gatewayTargetFailed' }, UNKNOWN_UNIT_POLICIES);
}

function limit(title: string, description: string, least = 1) {
  return integer({ title, description }, least, 1_000_000_000).optional();
}

const limits = map('Limits', 'Bounds on what clients can take up. Times are in milliseconds; 0 switches one off.', {
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
  closeTimeout: limit('Close timeout', 'Time that a client has to take its last replies on a stop. Default: 5000.', 0),
});

/** Keys of every type of listener. */
export const common = {
  name: name('Name', 'A name for people; shown in the banner and the log. Faults may tell listeners by it.').optional(),
  units: filledList(
    'Units',
    'The units that this listener serves, by id or by name; the first is its default unit. Default: all.',
    z.union([z.int().min(0).max(255), z.string().min(1)]).meta({ title: 'Unit', description: 'Id or name of a unit.' }),
  ).optional(),
  unknownUnit: unknownUnit(
    'Unknown units',
    'How a request to a unit id that is not configured is met: exception 0B (gatewayTargetFailed), exception 0A ' +
      '(gatewayPathUnavailable), no answer (silent), or by the first unit (any).',
  ).optional(),
  functions: functionRules(
    'The only functions that clients of this listener may use; others answer exception 01. Default: all.',
  ).optional(),
  diagnostics: word(
    {
      title: 'Diagnostics',
      description:
        'Which sub-functions of 08 are answered: all; read, those that change nothing for anybody; or none. ' +
        'Default: read, on serial lines all.',
    },
    DIAGNOSTICS_POLICIES,
  ).optional(),
  limits: limits.optional(),
  silence: integer(
    {
      title: 'Silence',
      description:
        'Milliseconds without a byte after which a begun frame of rtu or ascii is given up. Default: 50, on slow lines ' +
        'more; with ascii 1000.',
    },
    1,
    60_000,
  ).optional(),
};

export const host = z.string().min(1).meta({
  title: 'Host',
  description: 'Address or name to listen on; "0.0.0.0" is every IPv4 address, "::" every address.',
  default: DEFAULT_HOST,
});

export function port(protocol: string, own: number, fallback?: number) {
  const description = `${protocol} port; Modbus has ${own}, and 0 takes any free one.`;
  return integer({ title: 'Port', description, ...(fallback !== undefined && { default: fallback }) }, 0, 65535);
}

export const reusePort = flag(
  'Share the port',
  'true: other processes may listen on the same port, and the system shares out the clients. Needs Node.js 22.12 or 23.1.',
  false,
);

export const framing = word(
  {
    title: 'Framing',
    description:
      'mbap as on Modbus/TCP; rtu or ascii: frames of a serial line, as gateways send them over the network.',
    default: 'mbap',
  },
  FRAMING_NAMES,
);

export function file(title: string, description: string) {
  return name(title, `${description} Relative to the folder of the config.`);
}
