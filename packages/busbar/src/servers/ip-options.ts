import type { Framing, FramingName } from '../framing/framing.js';
import type { ServerOptions } from '../server/options.js';
import type { IpListenOptions } from '../transport/ip-options.js';

/** Options of the servers that listen on a TCP port. */
export interface IpServerOptions extends ServerOptions, IpListenOptions {
  /**
   * How PDUs are framed. Default `mbap`; `rtu` and `ascii` are serial frames over the network; or a framing of your
   * own.
   */
  readonly framing?: FramingName | Framing | undefined;
}
