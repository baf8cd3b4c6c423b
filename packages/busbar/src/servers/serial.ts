import { type Checked, type Checks, checkBoolean, checkOptions, integer, oneOf, withDefault } from '../checks.js';
import { DIAGNOSTICS_POLICIES } from '../functions/diagnostics.js';
import { LineState } from '../line-state.js';
import { SERVER_CHECKS } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { characterTime, checkSerialFraming, standardFraming } from '../transport/serial/framing.js';
import type { LineOptions } from '../transport/serial/line.js';
import {
  LINE_CHECKS,
  type LineSettings,
  lineName,
  lineSource,
  type SerialServerOptions,
} from '../transport/serial/options.js';
import { SerialTransport } from '../transport/serial/transport.js';

export type {
  LineSource,
  Port,
  ReconnectOptions,
  RtsOptions,
  SerialServerOptions,
} from '../transport/serial/options.js';

const MAX_TURNAROUND_DELAY_MS = 10_000;

const CHECKS = {
  ...SERVER_CHECKS,
  ...LINE_CHECKS,
  framing: checkSerialFraming,
  diagnostics: withDefault(oneOf(DIAGNOSTICS_POLICIES), 'all'),
  discardEcho: withDefault(checkBoolean, false),
  turnaroundDelay: withDefault(integer(0, MAX_TURNAROUND_DELAY_MS), 0),
  discardStaleReplies: withDefault(checkBoolean, true),
} satisfies Checks<SerialServerOptions>;

/**
 * A Modbus server on a serial line (SL). `address()` is the port's path. The line is one connection: `connect` means
 * that the port was opened, `disconnect` that it was lost or closed. After `portLost` the server tries to reopen it.
 * Time limits for frames and idle connections do not apply: a silent line stays open.
 */
export class ModbusSerialServer extends ModbusServer<string> {
  /** @throws OptionsError with the paths of all wrong options. */
  constructor(options: SerialServerOptions) {
    const checked = checkOptions(options, CHECKS);
    const { limits, port, reconnect, framing } = checked;
    const path = lineName(checked);
    const source = lineSource(checked, limits.unsentBytes);
    const settings = 'port' in source ? undefined : source;
    const transport = new SerialTransport({
      path,
      source,
      line: lineOptions(checked, path, settings),
      reconnect: port === undefined ? reconnect : undefined,
    });
    super(
      { ...checked, limits: { ...limits, frameTimeout: 0, idleTimeout: 0 } },
      typeof framing === 'string' ? standardFraming(framing, settings) : framing,
      transport,
    );
    transport.onEnd = () => void this.close();
  }
}

function lineOptions(
  { discardEcho, rts, turnaroundDelay, discardStaleReplies, limits }: Checked<typeof CHECKS>,
  address: string,
  settings: LineSettings | undefined,
): LineOptions {
  return {
    peer: { transport: 'serial', address },
    manners: { characterTime: settings && characterTime(settings), turnaroundDelay, discardStaleReplies },
    state: new LineState(),
    discardEcho,
    rts,
    maxUnsent: limits.unsentBytes,
  };
}
