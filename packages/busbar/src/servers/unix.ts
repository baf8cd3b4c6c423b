import { isMainThread } from 'node:worker_threads';
import { type Checks, checkOptions, optional, type Path, show, type UncheckedOptions } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Framing, FramingName } from '../framing/framing.js';
import { checkFraming } from '../framing/framings.js';
import { SERVER_CHECKS, type ServerOptions } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import type { DescriptorEvents } from '../transport/net/descriptor-watch.js';
import { UnixTransport } from '../transport/unix/listen.js';
import { checkSocketPath, isFile } from '../transport/unix/path.js';

export interface UnixServerOptions extends ServerOptions {
  /**
   * Path of the socket, at most 107 bytes (103 on systems other than Linux), or on Windows of the named pipe
   * (`\\.\pipe\…`). The server deletes the file when it closes, and takes over a file that a crash has left behind.
   */
  readonly path: string;
  /**
   * Permissions of the socket, 0..0o777, from its first moment on: users who may write it may connect. By default those
   * that the process gives its files, mostly 0o755. Only in the main thread, and not for named pipes.
   */
  readonly mode?: number | undefined;
  /** How PDUs are framed: by name, or by a framing of your own. Default `mbap`. */
  readonly framing?: FramingName | Framing | undefined;
}

function checkMode(mode: unknown, path: Path, { path: socket }: UncheckedOptions): number {
  if (typeof mode !== 'number' || !Number.isInteger(mode) || mode < 0 || mode > 0o777) {
    throw new OptionsError(path, `expected permissions from 0 to 0o777, such as 0o660, found ${show(mode)}`);
  }
  if (typeof socket === 'string' && !isFile(socket))
    throw new OptionsError(path, `${show(socket)} is not a file and has no permissions`);
  if (!isMainThread) throw new OptionsError(path, 'only the main thread can set the permissions of a new socket');
  return mode;
}

const CHECKS = {
  ...SERVER_CHECKS,
  path: checkSocketPath,
  mode: optional(checkMode),
  framing: (framing, path) => checkFraming(framing, 'mbap', path),
} satisfies Checks<UnixServerOptions>;

/** A Modbus server on a Unix domain socket, framed as on TCP. `address()` is the path. */
export class ModbusUnixServer extends ModbusServer<string, DescriptorEvents> {
  /** @throws OptionsError with the paths of all wrong options. */
  constructor(options: UnixServerOptions) {
    const checked = checkOptions(options, CHECKS);
    const { framing, path, mode, limits } = checked;
    super(checked, { framing, transport: new UnixTransport(path, mode, limits) });
  }
}
