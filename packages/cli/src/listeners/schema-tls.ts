import { TLS_VERSIONS, WEAK_KEYS } from 'busbar';
import { z } from 'zod';
import { filledList, flag, integer, list, map, secret, text, withoutRepeats, word } from '../ground/schema.js';
import { file, functionRules, MAX_TIME, tableRange } from './schema-common.js';

const role = map(
  'Role rule',
  'What the clients of one role may do; anything else answers exception 01. Of several rules for a role one must allow it.',
  {
    role: z
      .union([z.string().min(1), z.null()])
      .meta({ title: 'Role', description: 'Role in the certificate of the client; null: it has none.' }),
    functions: functionRules('The only functions that the role may use. Default: all.').optional(),
    units: withoutRepeats(
      filledList(
        'Units',
        'The only units that the role may reach. Default: all.',
        integer({ title: 'Unit id', description: 'Id of a unit.' }, 0, 255),
      ),
    ).optional(),
    ranges: filledList(
      'Ranges',
      'The only addresses that the role may read or write; other functions than those of tables are not allowed then. Default: all.',
      tableRange,
    ).optional(),
  },
);

/** Keys of TLS listeners only. */
export const tls = {
  certFile: file('Certificate', "The server's certificate in PEM, with the chain to its authority if there is one."),
  keyFile: file('Private key', 'The private key of the certificate, in PEM.'),
  passphrase: secret(
    text('Passphrase', 'What the private key is encrypted with. A config that has it is a secret itself.'),
  ).optional(),
  caFile: file(
    'Client authority',
    'Certificates in PEM of the authorities that client certificates must come from.',
  ).optional(),
  crlFile: file(
    'Revocation list',
    'Lists of revoked certificates, in PEM; each authority in use needs one then.',
  ).optional(),
  requireClientCertificate: flag(
    'Require a client certificate',
    'false: clients without a certificate are let in, too, against the rules of Modbus/TCP Security.',
    true,
  ).optional(),
  minVersion: word(
    {
      title: 'Least TLS version',
      description: 'The oldest version of TLS that clients may speak.',
      default: 'TLSv1.2',
    },
    TLS_VERSIONS,
  ).optional(),
  weakKeys: word(
    {
      title: 'Weak keys',
      description:
        'RSA keys of less than 2048 bits and curves of less than 224, of clients, authorities and the server.',
      default: 'refuse',
    },
    WEAK_KEYS,
  ).optional(),
  recheckClients: flag(
    'Recheck clients',
    'Cuts connections whose clients would not be let in any more: revoked, expired, or of an authority no longer trusted.',
    true,
  ).optional(),
  handshakeTimeout: integer(
    { title: 'Handshake timeout', description: 'Milliseconds that a handshake may take.', default: 10_000 },
    1,
    MAX_TIME,
  ).optional(),
  roles: list('Roles', 'Who may do what. Without it every authenticated client may do everything.', role).optional(),
};

export type RoleRule = z.infer<typeof role>;
