import type { AddressInfo } from 'node:net';
import { type Checks, checkOptions } from '../checks.js';
import { checkFraming } from '../framing/framings.js';
import { SERVER_CHECKS } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import type { DescriptorEvents } from '../transport/net/descriptor-watch.js';
import { TCP_CHECKS, tcpTransport } from '../transport/tcp/listen.js';
import type { IpServerOptions } from './ip-options.js';

export type { DescriptorEvents } from '../transport/net/descriptor-watch.js';

/** Default port 502. */
export type TcpServerOptions = IpServerOptions;

const CHECKS = {
  ...SERVER_CHECKS,
  ...TCP_CHECKS,
  framing: (framing, path) => checkFraming(framing, 'mbap', path),
} satisfies Checks<TcpServerOptions>;

/**
 * A Modbus/TCP server (TG). A port is free again as soon as its server has closed.
 * @throws OptionsError from the constructor, with the paths of all wrong options.
 */
export class ModbusTcpServer extends ModbusServer<AddressInfo, DescriptorEvents> {
  constructor(options: TcpServerOptions) {
    const checked = checkOptions(options, CHECKS);
    super(checked, { framing: checked.framing, transport: tcpTransport(checked, checked.limits) });
  }
}
