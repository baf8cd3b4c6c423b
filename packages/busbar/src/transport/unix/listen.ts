import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { ListenError } from '../../errors.js';
import { type Advice, listenError } from '../listen-error.js';
import type { ShortageEvents } from '../net/descriptor-watch.js';
import { type SocketLimits, socketOptions } from '../net/sockets.js';
import { NetTransport } from '../net/transport.js';
import { SocketLink } from '../stream/link.js';
import type { Transport, TransportHost } from '../transport.js';
import { removeLeftover } from './leftover.js';
import { isFile } from './path.js';

/** How often another program may be faster at replacing a leftover socket. */
const ATTEMPTS = 3;

/** Listens on a path, and replaces a socket there on which nobody listens. */
export class UnixTransport implements Transport<string, ShortageEvents> {
  readonly #path: string;
  readonly #net: NetTransport<string>;

  /** @param mode permissions of the socket; undefined: the process's default. */
  constructor(path: string, mode: number | undefined, limits: SocketLimits) {
    this.#path = path;
    this.#net = new NetTransport<string>({
      create: () => createServer(socketOptions(limits)),
      event: 'connection',
      // In a cluster, the primary process creates shared sockets, which ignore this process's permissions.
      listen: { path, exclusive: mode !== undefined },
      umask: mode === undefined ? undefined : 0o777 & ~mode,
      link: (socket) => new SocketLink(socket, { transport: 'unix' }),
      describe: () => path,
      advice: adviceFor(dirname(path)),
    });
  }

  async open(host: TransportHost<ShortageEvents>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#net.open(host);
      } catch (error) {
        const isTaken = error instanceof ListenError && error.code === 'EADDRINUSE';
        if (!isTaken || !isFile(this.#path) || attempt === ATTEMPTS) throw this.#failure(error);
        await removeLeftover(this.#path);
      }
    }
  }

  /** Of a folder that is not there the system says that access to it is denied. */
  #failure(error: unknown): unknown {
    const folder = dirname(this.#path);
    if (!isFile(this.#path) || existsSync(folder)) return error;
    const missing = Object.assign(new Error(`no such folder: ${folder}`, { cause: error }), { code: 'ENOENT' });
    return listenError(missing, this.#path, adviceFor(folder));
  }

  close(): Promise<void> {
    return this.#net.close();
  }

  address(): string | null {
    return this.#net.address();
  }

  describe(): string {
    return this.#path;
  }
}

function adviceFor(folder: string): Advice {
  const denied = `this user may not create files in the folder ${folder}; permit it, or choose another path`;
  return {
    EADDRINUSE: 'another program listens there; stop it, or choose another path',
    EACCES: denied,
    EPERM: denied,
    ENOENT: `there is no folder ${folder}; create it, or choose another path`,
    ENOTDIR: `${folder} is not a folder; choose another path`,
    EROFS: `the file system of ${folder} is read-only; choose another path`,
  };
}
