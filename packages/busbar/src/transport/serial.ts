import { ascii } from '../framing/ascii.js';
import type { Framing } from '../framing/framing.js';
import { rtu } from '../framing/rtu.js';
import { checkBoolean, checkKeys, checkOneOf } from '../options.js';
import { checkLimits, SERVER_OPTIONS } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import type { LineOptions } from './serial-line.js';
import {
  characterTime,
  checkLine,
  checkManners,
  checkPath,
  checkPort,
  checkReconnect,
  checkRts,
  type LineSettings,
  SERIAL_OPTIONS,
  type SerialServerOptions,
} from './serial-options.js';
import { SerialTransport } from './serial-transport.js';

export type { Port, ReconnectOptions, RtsOptions, SerialServerOptions } from './serial-options.js';

const SILENT_CHARACTERS = 3.5;

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
    const port = checkPort(options);
    const path = checkPath(options);
    const source = port === undefined ? checkLine(options, path) : { port };
    const line = 'port' in source ? undefined : source;
    const transport = new SerialTransport({
      path,
      source,
      line: checkLineOptions(options, path, line),
      reconnect: checkReconnect(options),
    });
    const limits = { ...checkLimits(options.limits ?? {}, ['limits']), frameTimeout: 0, idleTimeout: 0 };
    super({ ...options, limits }, framing === 'rtu' ? rtuOn(line) : ascii, transport);
    transport.onEnd = () => void this.close();
  }
}

function checkLineOptions(options: SerialServerOptions, path: string, line: LineSettings | undefined): LineOptions {
  return {
    client: { transport: 'serial', address: path },
    manners: checkManners(options, line),
    discardEcho: checkBoolean(options.discardEcho ?? false, ['discardEcho']),
    rts: checkRts(options.rts),
    maxUnsent: options.limits?.unsentBytes ?? 65_536,
  };
}

/** On a slow line, the usual silence may be shorter than the 3.5 characters that are one (SL, clause 2.5.1.1). */
function rtuOn(line: LineSettings | undefined): Framing {
  const own = line === undefined ? 0 : Math.ceil(2 * SILENT_CHARACTERS * characterTime(line));
  return own <= rtu.silence ? rtu : { ...rtu, silence: own };
}
