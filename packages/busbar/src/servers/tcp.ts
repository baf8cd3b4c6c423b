import { type AddressInfo, createServer } from 'node:net';
import { checkKeys } from '../checks.js';
import { checkFraming } from '../framing/framings.js';
import { SERVER_OPTIONS } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import {
  checkListenOptions,
  formatEndpoint,
  IP_OPTIONS,
  type IpServerOptions,
  peerOf,
  socketOptions,
} from '../transport/ip-options.js';
import { NetTransport } from '../transport/net-transport.js';

/** Default port 502. */
export type TcpServerOptions = IpServerOptions;

const DEFAULT_PORT = 502;

/**
 * A Modbus/TCP server (TG). Addresses are reused as Node does it: a port is free again as soon as its server has closed.
 * @throws OptionsError from the constructor, with the path of the wrong option.
 */
export class ModbusTcpServer extends ModbusServer<AddressInfo> {
  constructor(options: TcpServerOptions) {
    checkKeys(options, [...SERVER_OPTIONS, ...IP_OPTIONS]);
    super(options, checkFraming(options.framing, 'mbap', ['framing']), createTransport(options));
  }
}

function createTransport(options: TcpServerOptions): NetTransport<AddressInfo> {
  const listen = checkListenOptions(options, DEFAULT_PORT);
  return new NetTransport({
    create: () => createServer(socketOptions(options)),
    event: 'connection',
    listen,
    peerOf: (socket) => ({ transport: 'tcp', ...peerOf(socket) }),
    describe: (port) => formatEndpoint(listen.host, port ?? listen.port),
  });
}
