import { type Checks, checkBoolean, checkOptions, integer, oneOf, withDefault } from '../checks.js';
import type { Framing } from '../framing/framing.js';
import {
  checkSerialFraming,
  defaultDataBits,
  fitFraming,
  lineFraming,
  type SerialFramingName,
} from '../framing/serial-framing.js';
import { DIAGNOSTICS_POLICIES } from '../functions/diagnostics.js';
import { LineState } from '../line-state.js';
import { SERVER_CHECKS, type ServerOptions } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { type PortEvents, SerialTransport } from '../transport/serial/listen.js';
import {
  type LineSource,
  type PortSettings,
  portSettings,
  SERIAL_CHECKS,
  type SerialListenOptions,
} from '../transport/serial/options.js';

export type { PortEvents } from '../transport/serial/listen.js';
export type { LineSource, Port, ReconnectOptions, RtsOptions } from '../transport/serial/options.js';

export interface SerialServerOptions extends ServerOptions, SerialListenOptions {
  /** How PDUs are framed: `rtu` (the default), `ascii`, or a framing of your own. */
  readonly framing?: SerialFramingName | Framing | undefined;
  /** Minimum time from a request to its reply, in milliseconds, for clients that are slow to listen. Default 0. */
  readonly turnaroundDelay?: number | undefined;
  /**
   * A reply is not sent if the line has carried at least four other bytes since its request: the client has given up,
   * and another station may be sending. Default true. This matters with slow handlers and `turnaroundDelay`.
   */
  readonly discardStaleReplies?: boolean | undefined;
}

const MAX_TURNAROUND_DELAY_MS = 10_000;

const CHECKS = {
  ...SERVER_CHECKS,
  ...SERIAL_CHECKS,
  dataBits: fitFraming(SERIAL_CHECKS.dataBits),
  framing: checkSerialFraming,
  diagnostics: withDefault(oneOf(DIAGNOSTICS_POLICIES), 'all'),
  turnaroundDelay: withDefault(integer(0, MAX_TURNAROUND_DELAY_MS), 0),
  discardStaleReplies: withDefault(checkBoolean, true),
} satisfies Checks<SerialServerOptions>;

/**
 * A Modbus server on a serial line (SL). `address()` is the port's path. The line is one connection: `connect` means
 * that the port was opened, `disconnect` that it was lost or closed. After `portLost` the server tries to reopen it.
 * Time limits for frames and idle connections do not apply: a silent line stays open.
 */
export class ModbusSerialServer extends ModbusServer<string, PortEvents> {
  /** @throws OptionsError with the paths of all wrong options. */
  constructor(options: SerialServerOptions) {
    const checked = checkOptions(options, CHECKS);
    const { framing, turnaroundDelay, discardStaleReplies } = checked;
    const limits = { ...checked.limits, frameTimeout: 0, idleTimeout: 0 };
    const { unsentBytes } = limits;
    const transport = new SerialTransport(checked, { dataBits: defaultDataBits(framing), unsentBytes });
    const { characterTime } = transport;
    super(
      { ...checked, limits },
      {
        framing: typeof framing === 'string' ? lineFraming(framing, characterTime) : framing,
        transport,
        line: { manners: { characterTime, turnaroundDelay, discardStaleReplies }, state: new LineState() },
      },
    );
  }
}

/** The settings of a serial line, with the defaults filled in (SL, clauses 2.5.1 and 2.5.2). */
export function lineSettings(
  line: Pick<LineSource, 'baudRate' | 'dataBits' | 'parity' | 'stopBits'> & { readonly framing?: unknown },
): PortSettings {
  return portSettings(line, defaultDataBits(line.framing));
}
