import { FRAMINGS, PARITIES, TLS_VERSIONS, WEAK_KEYS } from '../listeners/types.js';
import { address, functionCodes, integer, type JsonSchema, list, map, TABLES, text } from './schema-parts.js';

const MAX_TIME = 1_000_000_000;

/** Three octal digits, with the zero of C and YAML 1.1 or the `0o` of YAML 1.2 before them, or without. */
const MODE_PATTERN = '^(0|0o)?[0-7]{3}$';

/** What one type of listener takes beside `type` and what all take. */
interface TransportSchema {
  title: string;
  required: string[];
  properties: Record<string, JsonSchema>;
}

const host: JsonSchema = {
  ...text('Host', 'Address or name to listen on; "0.0.0.0" is every IPv4 address, "::" every address.'),
  minLength: 1,
  default: '127.0.0.1',
};

const port = (protocol: string, own: number) =>
  integer('Port', `${protocol} port; Modbus has ${own}, and 0 takes any free one.`, 0, 65535);

const framing: JsonSchema = {
  title: 'Framing',
  description: 'mbap as on Modbus/TCP; rtu or ascii: frames of a serial line, as gateways send them over the network.',
  type: 'string',
  enum: [...FRAMINGS],
  default: 'mbap',
};

const priorityClients: JsonSchema = {
  ...list(
    'Priority clients',
    'IP addresses and networks whose connections are never closed for a new one at the connection limit.',
    text('Address or network', 'An IP address such as 10.0.0.7, or a network such as 192.168.1.0/24.'),
  ),
  uniqueItems: true,
};

const switchOf = (title: string, description: string, otherwise: boolean): JsonSchema => ({
  title,
  description,
  type: 'boolean',
  default: otherwise,
});

const reusePort = switchOf(
  'Share the port',
  'true: other processes may listen on the same port, and the system shares out the clients. Needs Node.js 22.12 or 23.1.',
  false,
);

const file = (title: string, description: string): JsonSchema => ({
  ...text(title, `${description} Relative to the folder of the config.`),
  minLength: 1,
});

const roleSchema = map(
  'Role rule',
  'What the clients of one role may do; anything else answers exception 01. Of several rules for a role one must allow it.',
  ['role'],
  {
    role: {
      title: 'Role',
      description: 'Role in the certificate of the client; null: it has none.',
      type: ['string', 'null'],
      minLength: 1,
    },
    functions: functionCodes('The only functions that the role may use. Default: all.'),
    units: {
      ...list(
        'Units',
        'The only units that the role may reach. Default: all.',
        integer('Unit id', 'Id of a unit.', 0, 255),
      ),
      minItems: 1,
      uniqueItems: true,
    },
    ranges: {
      ...list(
        'Ranges',
        'The only addresses that the role may read or write; other functions than those of tables are not allowed then. Default: all.',
        map('Range', 'Neighbouring addresses of a table.', ['table', 'start', 'count'], {
          table: { title: 'Table', description: 'Table of the range.', type: 'string', enum: [...TABLES] },
          start: address('First address of the range.'),
          count: integer('Count', 'How many addresses.', 1, 65536),
        }),
      ),
      minItems: 1,
    },
  },
);

const tls: Record<string, JsonSchema> = {
  host,
  port: { ...port('TCP', 802), default: 802 },
  certFile: file('Certificate', "The server's certificate in PEM, with the chain to its authority if there is one."),
  keyFile: file('Private key', 'The private key of the certificate, in PEM.'),
  passphrase: text('Passphrase', 'What the private key is encrypted with. A config that has it is a secret itself.'),
  caFile: file('Client authority', 'Certificates in PEM of the authorities that client certificates must come from.'),
  crlFile: file('Revocation list', 'Lists of revoked certificates, in PEM; each authority in use needs one then.'),
  requireClientCertificate: switchOf(
    'Require a client certificate',
    'false: clients without a certificate are let in, too, against the rules of Modbus/TCP Security.',
    true,
  ),
  minVersion: {
    title: 'Least TLS version',
    description: 'The oldest version of TLS that clients may speak.',
    type: 'string',
    enum: [...TLS_VERSIONS],
    default: 'TLSv1.2',
  },
  weakKeys: {
    title: 'Weak keys',
    description: 'RSA keys of less than 2048 bits and curves of less than 224, of clients, authorities and the server.',
    type: 'string',
    enum: [...WEAK_KEYS],
    default: 'refuse',
  },
  recheckClients: switchOf(
    'Recheck clients',
    'Cuts connections whose clients would not be let in any more: revoked, expired, or of an authority no longer trusted.',
    true,
  ),
  handshakeTimeout: {
    ...integer('Handshake timeout', 'Milliseconds that a handshake may take.', 1, MAX_TIME),
    default: 10_000,
  },
  roles: list('Roles', 'Who may do what. Without it every authenticated client may do everything.', roleSchema),
  reusePort,
  framing,
  priorityClients,
};

const serial: Record<string, JsonSchema> = {
  path: {
    ...text('Port', 'The serial port as the system names it, such as /dev/ttyUSB0 or COM3.'),
    minLength: 1,
  },
  baudRate: { ...integer('Baud rate', 'Bits per second.', 50, 12_000_000), default: 19200 },
  dataBits: {
    title: 'Data bits',
    description: 'Bits of a character. Default: 8, with ascii 7.',
    type: 'integer',
    enum: [7, 8],
  },
  parity: {
    title: 'Parity',
    description: 'The check bit of a character.',
    type: 'string',
    enum: [...PARITIES],
    default: 'even',
  },
  stopBits: {
    title: 'Stop bits',
    description: 'Default: 1, without parity 2.',
    type: 'integer',
    enum: [1, 2],
  },
  framing: {
    title: 'Framing',
    description: 'rtu (binary) or ascii (text).',
    type: 'string',
    enum: ['rtu', 'ascii'],
    default: 'rtu',
  },
  discardEcho: switchOf('Discard the echo', 'For adapters that also receive what they send.', false),
  rts: map('RTS', 'For RS-485 adapters whose direction is switched by the RTS line.', [], {
    active: {
      title: 'Active level',
      description: 'Level of RTS while Busbar sends.',
      type: 'string',
      enum: ['high', 'low'],
      default: 'high',
    },
    delayBefore: { ...integer('Delay before', 'Milliseconds from RTS to the first bit.', 0, 10_000), default: 0 },
    delayAfter: { ...integer('Delay after', 'Milliseconds from the last bit to RTS.', 0, 10_000), default: 0 },
  }),
  turnaroundDelay: {
    ...integer('Turnaround delay', 'Least milliseconds from a request to its reply.', 0, 10_000),
    default: 0,
  },
  discardStaleReplies: switchOf(
    'Discard stale replies',
    'A reply is not sent if the line has carried something else since its request.',
    true,
  ),
  reconnect: {
    ...map(
      'Reconnect',
      'How a lost or missing port is opened again. true: with the delays below; false: it is not, and the listener ends.',
      [],
      {
        initialDelay: {
          ...integer(
            'First delay',
            'Milliseconds until the first attempt; each further one waits twice as long.',
            1,
            MAX_TIME,
          ),
          default: 500,
        },
        maxDelay: {
          ...integer('Greatest delay', 'The most milliseconds between two attempts.', 1, MAX_TIME),
          default: 10_000,
        },
        atStart: switchOf(
          'At the start',
          'A port that is missing when Busbar starts is waited for; false: Busbar ends then.',
          true,
        ),
      },
    ),
    type: ['boolean', 'object'],
    default: true,
  },
};

export const TRANSPORTS: Record<string, TransportSchema> = {
  tcp: {
    title: 'Modbus/TCP',
    required: ['port'],
    properties: { host, port: port('TCP', 502), reusePort, framing, priorityClients },
  },
  udp: {
    title: 'Modbus over UDP',
    required: ['port'],
    properties: {
      host,
      port: port('UDP', 502),
      reusePort,
      framing,
      allowServerPorts: switchOf(
        'Allow ports of servers',
        'true: clients may send from port 502 or 802, or one on which Busbar itself listens. What comes from there may also be a ' +
          'reply, and two servers would answer each other.',
        false,
      ),
    },
  },
  tls: { title: 'Modbus/TCP Security', required: ['certFile', 'keyFile'], properties: tls },
  serial: { title: 'serial', required: ['path'], properties: serial },
  unix: {
    title: 'Unix socket',
    required: ['path'],
    properties: {
      path: file('Path', 'Path of the socket, on Windows of a named pipe; made by Busbar, and removed when it ends.'),
      mode: {
        title: 'permissions as three octal digits, such as 660',
        description:
          'Permissions of the socket, octal as for chmod: 660, 0660 and 0o660 are the same. Default: those of new files.',
        type: ['string', 'integer'],
        pattern: MODE_PATTERN,
        minimum: 0,
        maximum: 777,
      },
      framing,
    },
  },
};
