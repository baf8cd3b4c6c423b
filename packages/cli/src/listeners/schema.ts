import { DEFAULT_PORT, DEFAULT_TLS_PORT } from 'busbar';
import { z } from 'zod';
import { flag, list, map, text, withoutRepeats, wording } from '../ground/schema.js';
import { common, file, framing, host, port, reusePort } from './schema-common.js';
import { serial } from './schema-serial.js';
import { tls } from './schema-tls.js';

const priorityClients = withoutRepeats(
  list(
    'Priority clients',
    'IP addresses and networks whose connections are never closed for a new one at the connection limit.',
    text('Address or network', 'An IP address such as 10.0.0.7, or a network such as 192.168.1.0/24.'),
  ),
);

/** Three octal digits, with the zero of C and YAML 1.1 or the `0o` of YAML 1.2 before them, or without. */
const mode = z
  .union([z.string().regex(/^(0|0o)?[0-7]{3}$/), z.int().min(0).max(777)])
  .meta({
    title: 'Mode',
    description:
      'Permissions of the socket, octal as for chmod: 660, 0660 and 0o660 are the same. Default: those of new files.',
  })
  .register(wording, { expected: 'permissions as three octal digits, such as 660' });

function type<const T extends string>(value: T) {
  return z.literal(value).meta({ title: 'Type', description: 'Kind of listener.' });
}

const tcpListener = map('Modbus/TCP', 'A Modbus/TCP listener.', {
  type: type('tcp'),
  host: host.optional(),
  port: port('TCP', DEFAULT_PORT),
  reusePort: reusePort.optional(),
  framing: framing.optional(),
  priorityClients: priorityClients.optional(),
  ...common,
});

const udpListener = map('Modbus over UDP', 'A Modbus over UDP listener.', {
  type: type('udp'),
  host: host.optional(),
  port: port('UDP', DEFAULT_PORT),
  reusePort: reusePort.optional(),
  framing: framing.optional(),
  allowServerPorts: flag(
    'Allow ports of servers',
    'true: clients may send from port 502 or 802, or one on which Busbar itself listens. What comes from there may also be a ' +
      'reply, and two servers would answer each other.',
    false,
  ).optional(),
  ...common,
});

const tlsListener = map('Modbus/TCP Security', 'A Modbus/TCP Security listener.', {
  type: type('tls'),
  host: host.optional(),
  port: port('TCP', DEFAULT_TLS_PORT, DEFAULT_TLS_PORT).optional(),
  ...tls,
  reusePort: reusePort.optional(),
  framing: framing.optional(),
  priorityClients: priorityClients.optional(),
  ...common,
});

const serialListener = map('Serial line', 'A serial listener.', {
  type: type('serial'),
  ...serial,
  ...common,
});

const unixListener = map('Unix socket', 'A Unix socket listener.', {
  type: type('unix'),
  path: file('Path', 'Path of the socket, on Windows of a named pipe; made by Busbar, and removed when it ends.'),
  mode: mode.optional(),
  framing: framing.optional(),
  ...common,
});

/** An entry of `listen`: one place where clients connect. */
export const listenerSchema = z
  .discriminatedUnion('type', [tcpListener, udpListener, tlsListener, serialListener, unixListener])
  .meta({ title: 'Listener', description: 'One place where clients connect.' });

export type Listener = z.infer<typeof listenerSchema>;
export type TcpListener = z.infer<typeof tcpListener>;
export type TlsListener = z.infer<typeof tlsListener>;
export type SerialListener = z.infer<typeof serialListener>;
export type UnixListener = z.infer<typeof unixListener>;
export type { RoleRule } from './schema-tls.js';
