import { createServer } from 'node:net';
import { OptionsError } from '../errors.js';
import type { FramingName } from '../framing/framing.js';
import { checkFraming } from '../framing/framings.js';
import { checkKeys, checkString } from '../options.js';
import { SERVER_OPTIONS, type ServerOptions } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { socketOptions } from './ip-options.js';
import { NetTransport } from './net-transport.js';

export interface UnixServerOptions extends ServerOptions {
  /** Path of the socket, or on Windows of the named pipe (`\\.\pipe\…`). The file goes when the server closes. */
  readonly path: string;
  /** How PDUs are framed. Default `mbap`. */
  readonly framing?: FramingName;
}

/** A Modbus server on a Unix domain socket, framed as on TCP. `address()` is the path. */
export class ModbusUnixServer extends ModbusServer<string> {
  /** @throws OptionsError with the path of the wrong option. */
  constructor(options: UnixServerOptions) {
    checkKeys(options, [...SERVER_OPTIONS, 'path', 'framing']);
    const path = checkString(options.path, ['path']);
    if (path === '') throw new OptionsError(['path'], 'expected the path of a socket, found an empty string');
    const transport = new NetTransport<string>({
      create: () => createServer(socketOptions(options)),
      event: 'connection',
      listen: { path },
      clientOf: () => ({ transport: 'unix' }),
      describe: () => path,
    });
    super(options, checkFraming(options.framing, 'mbap', ['framing']), transport);
  }
}
