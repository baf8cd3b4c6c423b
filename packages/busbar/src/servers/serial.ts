import { checkBoolean, checkInteger, checkKeys } from '../checks.js';
import { LineState } from '../line-state.js';
import type { LineManners } from '../server/line.js';
import { checkLimits, SERVER_OPTIONS } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { characterTime, checkSerialFraming } from '../transport/serial/framing.js';
import type { LineOptions } from '../transport/serial/line.js';
import {
  checkLine,
  checkPath,
  checkPort,
  checkReconnect,
  checkRts,
  type LineSettings,
  SERIAL_OPTIONS,
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

/**
 * A Modbus server on a serial line (SL). `address()` is the port's path. The line is one connection: `connect` is the opening of
 * the port, `disconnect` its loss or closing; after `portLost` the server tries to open it again. Time limits for frames and for
 * idle connections do not apply: a line is not closed because nobody speaks.
 */
export class ModbusSerialServer extends ModbusServer<string> {
  /** @throws OptionsError with the path of the wrong option. */
  constructor(options: SerialServerOptions) {
    checkKeys(options, [...SERVER_OPTIONS, ...SERIAL_OPTIONS]);
    const port = checkPort(options);
    const path = checkPath(options);
    const limits = { ...checkLimits(options.limits ?? {}, ['limits']), frameTimeout: 0, idleTimeout: 0 };
    const source = port === undefined ? checkLine(options, path, limits.unsentBytes) : { port };
    const settings = 'port' in source ? undefined : source;
    const line = checkLineOptions(options, path, limits.unsentBytes, settings);
    const transport = new SerialTransport({ path, source, line, reconnect: checkReconnect(options) });
    super(
      { ...options, limits, diagnostics: options.diagnostics ?? 'all' },
      checkSerialFraming(options, settings),
      transport,
    );
    transport.onEnd = () => void this.close();
  }
}

function checkLineOptions(
  options: SerialServerOptions,
  path: string,
  maxUnsent: number,
  settings: LineSettings | undefined,
): LineOptions {
  return {
    peer: { transport: 'serial', address: path },
    manners: checkManners(options, settings),
    state: new LineState(),
    discardEcho: checkBoolean(options.discardEcho ?? false, ['discardEcho']),
    rts: checkRts(options.rts),
    maxUnsent,
  };
}

function checkManners(options: SerialServerOptions, settings: LineSettings | undefined): LineManners {
  const { turnaroundDelay = 0, discardStaleReplies = true } = options;
  return {
    characterTime: settings && characterTime(settings),
    turnaroundDelay: checkInteger(turnaroundDelay, 0, MAX_TURNAROUND_DELAY_MS, ['turnaroundDelay']),
    discardStaleReplies: checkBoolean(discardStaleReplies, ['discardStaleReplies']),
  };
}
