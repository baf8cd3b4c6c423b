import { type AddressInfo, createServer } from 'node:net';
import { type Checked, type Checks, checkOptions } from '../checks.js';
import { checkFraming } from '../framing/framings.js';
import { SERVER_CHECKS } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import {
  formatEndpoint,
  type IpServerOptions,
  listenOptions,
  peerOf,
  socketOptions,
  tcpChecks,
} from '../transport/ip-options.js';
import { NetTransport } from '../transport/net-transport.js';

/** Default port 502. */
export type TcpServerOptions = IpServerOptions;

/** The port of Modbus/TCP, and of Modbus over UDP. */
export const DEFAULT_PORT = 502;

const CHECKS = {
  ...SERVER_CHECKS,
  ...tcpChecks(DEFAULT_PORT),
  framing: (framing, path) => checkFraming(framing, 'mbap', path),
} satisfies Checks<TcpServerOptions>;

/**
 * A Modbus/TCP server (TG). A port is free again as soon as its server has closed.
 * @throws OptionsError from the constructor, with the paths of all wrong options.
 */
export class ModbusTcpServer extends ModbusServer<AddressInfo> {
  constructor(options: TcpServerOptions) {
    const checked = checkOptions(options, CHECKS);
    super(checked, checked.framing, createTransport(checked));
  }
}

function createTransport(options: Checked<typeof CHECKS>): NetTransport<AddressInfo> {
  const listen = listenOptions(options);
  return new NetTransport({
    create: () => createServer(socketOptions(options.limits)),
    event: 'connection',
    listen,
    peerOf: (socket) => ({ transport: 'tcp', ...peerOf(socket) }),
    describe: (port) => formatEndpoint(listen.host, port ?? listen.port),
  });
}
