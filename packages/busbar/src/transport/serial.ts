import { ascii } from '../framing/ascii.js';
import { rtu } from '../framing/rtu.js';
import { checkBoolean, checkKeys, checkOneOf } from '../options.js';
import { checkLimits, SERVER_OPTIONS } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import {
  checkLine,
  checkPath,
  checkPort,
  checkReconnect,
  checkRts,
  SERIAL_OPTIONS,
  type SerialServerOptions,
} from './serial-options.js';
import { SerialTransport } from './serial-transport.js';

export type { Port, ReconnectOptions, RtsOptions, SerialServerOptions } from './serial-options.js';

/**
 * A Modbus server on a serial line (SL). `address()` is the port's path. The line is one connection: `connect` is the opening of
 * the port, `disconnect` its loss or closing; after `portLost` the server tries to open it again. Time limits for frames and for
 * idle connections do not apply: a line is not closed because nobody speaks.
 */
export class ModbusSerialServer extends ModbusServer<string> {
  /** @throws OptionsError with the path of the wrong option. */
  constructor(options: SerialServerOptions) {
    checkKeys(options, [...SERVER_OPTIONS, ...SERIAL_OPTIONS]);
    const framing = checkOneOf(options.framing ?? 'rtu', ['rtu', 'ascii'] as const, ['framing']);
    const transport = createTransport(options);
    const limits = { ...checkLimits(options.limits ?? {}, ['limits']), frameTimeout: 0, idleTimeout: 0 };
    super({ ...options, limits }, framing === 'rtu' ? rtu : ascii, transport);
    transport.onEnd = () => void this.close();
  }
}

function createTransport(options: SerialServerOptions): SerialTransport {
  const port = checkPort(options);
  const path = checkPath(options);
  return new SerialTransport({
    path,
    source: port === undefined ? checkLine(options, path) : { port },
    line: {
      client: { transport: 'serial', address: path },
      discardEcho: checkBoolean(options.discardEcho ?? false, ['discardEcho']),
      rts: checkRts(options.rts),
      maxUnsent: options.limits?.unsentBytes ?? 65_536,
    },
    reconnect: checkReconnect(options),
  });
}
