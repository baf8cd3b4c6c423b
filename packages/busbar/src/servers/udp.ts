import type { AddressInfo } from 'node:net';
import { type Checks, checkBoolean, checkOptions, withDefault } from '../checks.js';
import type { Framing, FramingName } from '../framing/framing.js';
import { checkFraming } from '../framing/framings.js';
import { SERVER_CHECKS, type ServerOptions } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { UDP_CHECKS, type UdpListenOptions, UdpTransport } from '../transport/udp/listen.js';

/** As for TCP; each datagram is one ADU. Default port 502. */
export interface UdpServerOptions extends ServerOptions, UdpListenOptions {
  /** How PDUs are framed: by name, or by a framing of your own. Default `mbap`. */
  readonly framing?: FramingName | Framing | undefined;
  /**
   * Also serves clients that send from a server's port: 502, 802, or one on which a UDP server of this program listens.
   * By default, datagrams from there get no reply: they may be replies, and two servers would answer each other.
   * Default false.
   */
  readonly allowServerPorts?: boolean | undefined;
}

const CHECKS = {
  ...SERVER_CHECKS,
  ...UDP_CHECKS,
  framing: (framing, path) => checkFraming(framing, 'mbap', path),
  allowServerPorts: withDefault(checkBoolean, false),
} satisfies Checks<UdpServerOptions>;

/**
 * A Modbus server over UDP. A datagram is one ADU; any other is dropped and counted. The reply goes to the sender's
 * address and port, from the port that received the request. `limits.connections` bounds the requests in progress at
 * once.
 * @throws OptionsError from the constructor, with the paths of all wrong options.
 */
export class ModbusUdpServer extends ModbusServer<AddressInfo> {
  constructor(options: UdpServerOptions) {
    const checked = checkOptions(options, CHECKS);
    const { framing, allowServerPorts } = checked;
    super(checked, { framing, transport: new UdpTransport(checked), refuseServers: !allowServerPorts });
  }
}
