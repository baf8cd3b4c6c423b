import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Limits } from '../../server/options.js';
import { socketOptions } from '../ip-options.js';
import { type Advice, listenError } from '../listen-error.js';
import { NetTransport } from '../net-transport.js';
import type { Transport, TransportHost } from '../transport.js';
import { removeLeftover } from './leftover.js';
import { isFile } from './path.js';

/** How often another program may be faster at replacing a leftover socket. */
const ATTEMPTS = 3;

/** Listens on a path, and replaces a socket there on which nobody listens. */
export class UnixTransport implements Transport<string> {
  readonly #path: string;
  readonly #net: NetTransport<string>;

  /** @param mode permissions of the socket; undefined: the process's default. */
  constructor(path: string, mode: number | undefined, limits: Required<Limits>) {
    this.#path = path;
    this.#net = new NetTransport<string>({
      create: () => createServer(socketOptions(limits)),
      event: 'connection',
      // In a cluster, the primary process creates shared sockets, which ignore this process's permissions.
      listen: { path, exclusive: mode !== undefined },
      umask: mode === undefined ? undefined : 0o777 & ~mode,
      peerOf: () => ({ transport: 'unix' }),
      describe: () => path,
    });
  }

  async open(host: TransportHost): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#net.open(host);
      } catch (error) {
        const isTaken = (error as { code?: unknown }).code === 'EADDRINUSE';
        if (!isTaken || !isFile(this.#path) || attempt === ATTEMPTS) throw this.#failure(error);
        await removeLeftover(this.#path);
      }
    }
  }

  #failure(error: unknown): Error {
    const folder = dirname(this.#path);
    // For a missing folder, the system reports that access is denied.
    if (isFile(this.#path) && !existsSync(folder)) {
      const missing = Object.assign(new Error(`no such folder: ${folder}`, { cause: error }), { code: 'ENOENT' });
      return listenError(missing, this.#path, adviceFor(folder));
    }
    return listenError(error, this.#path, adviceFor(folder));
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
