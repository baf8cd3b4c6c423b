import { type AddressInfo, createServer } from 'node:net';
import type { Checked, Checks } from '../../checks.js';
import { formatEndpoint, peerOf } from '../address.js';
import { DEFAULT_PORT, IP_ADVICE, type IpListenOptions, listenOptions, tcpChecks } from '../ip-options.js';
import { type SocketLimits, socketOptions } from '../net/sockets.js';
import { NetTransport } from '../net/transport.js';
import { SocketLink } from '../stream/link.js';

/** Checks of the options that say where to listen. */
export const TCP_CHECKS = tcpChecks(DEFAULT_PORT) satisfies Checks<IpListenOptions>;

/** Listens on a TCP port. */
export function tcpTransport(options: Checked<typeof TCP_CHECKS>, limits: SocketLimits): NetTransport<AddressInfo> {
  const listen = listenOptions(options);
  return new NetTransport({
    create: () => createServer(socketOptions(limits)),
    event: 'connection',
    listen,
    link: (socket) => new SocketLink(socket, { transport: 'tcp', ...peerOf(socket) }),
    describe: (port) => formatEndpoint(listen.host, port ?? listen.port),
    advice: IP_ADVICE,
  });
}
