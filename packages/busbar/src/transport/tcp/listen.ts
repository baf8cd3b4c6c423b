import { type AddressInfo, createServer } from 'node:net';
import type { ChecksTo } from '../../checks.js';
import { formatEndpoint, peerOf } from '../address.js';
import { type CheckedTcpPlace, DEFAULT_PORT, IP_ADVICE, listenOptions, tcpChecks } from '../ip-options.js';
import { type SocketLimits, socketOptions } from '../net/sockets.js';
import { NetTransport } from '../net/transport.js';
import { SocketLink } from '../stream/link.js';

/** Checks of the options that say where to listen. */
export const TCP_CHECKS: ChecksTo<CheckedTcpPlace> = tcpChecks(DEFAULT_PORT);

/** Listens on a TCP port. */
export function tcpTransport(options: CheckedTcpPlace, limits: SocketLimits): NetTransport<AddressInfo> {
  const listen = listenOptions(options);
  return new NetTransport({
    create: () => createServer(socketOptions(limits)),
    event: 'connection',
    listen,
    link: (socket) => new SocketLink(socket, peerOf('tcp', socket)),
    describe: (port) => formatEndpoint(listen.host, port ?? listen.port),
    advice: IP_ADVICE,
  });
}
