import type { AddressInfo, ListenOptions, Server, Socket } from 'node:net';
import type { EventMap } from '../../emit.js';
import { asError } from '../../errors.js';
import { type Advice, listenError } from '../listen-error.js';
import { type StreamLink, serveStream } from '../stream/link.js';
import type { Transport, TransportHost } from '../transport.js';
import { DescriptorWatch, type ShortageEvents } from './descriptor-watch.js';

/** What differs between the transports that listen on a `net.Server`. `Events` are those of its own. */
export interface NetListener<Events extends EventMap<Events> = Record<never, never>> {
  /** Creates the accepting server, which is opened and closed here. */
  create(host: TransportHost<Events & ShortageEvents>): Server | Promise<Server>;
  /** The event of that server for a connection that is ready for requests. */
  readonly event: 'connection' | 'secureConnection';
  readonly listen: ListenOptions;
  /** Permissions that the socket's file must not have. */
  readonly umask?: number | undefined;
  /** @returns undefined for a refused connection, which the listener has closed. */
  link(socket: Socket): StreamLink | undefined;
  /** The server is closing, and closes its connections, except those not handed over yet. */
  closing?(): void;
  /** For messages; `port` is the port on which it listens, if it does. */
  describe(port: number | undefined): string;
  /** What to do if it can't listen. */
  readonly advice: Advice;
}

/** A transport over a `net.Server` or `tls.Server`. */
export class NetTransport<Address extends AddressInfo | string, Events extends EventMap<Events> = Record<never, never>>
  implements Transport<Address, Events & ShortageEvents>
{
  readonly #listener: NetListener<Events>;
  #server: Server | undefined;
  #watch: DescriptorWatch | undefined;

  constructor(listener: NetListener<Events>) {
    this.#listener = listener;
  }

  async open(host: TransportHost<Events & ShortageEvents>): Promise<void> {
    try {
      await this.#listen(host, await this.#listener.create(host));
    } catch (error) {
      throw listenError(error, this.describe(), this.#listener.advice);
    }
  }

  #listen(host: TransportHost<Events & ShortageEvents>, server: Server): Promise<void> {
    const { event, listen, umask } = this.#listener;
    server.on(event, (socket: Socket) => this.#accept(host, socket));
    return new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const listening = () => {
        server.off('error', reject);
        const watch = new DescriptorWatch(host);
        server.on('error', (error) => {
          if (!watch.explains(error)) host.fail(error);
        });
        this.#server = server;
        this.#watch = watch;
        resolve();
      };
      withUmask(umask, () => server.listen(listen, listening));
    });
  }

  #accept(host: TransportHost<Events & ShortageEvents>, socket: Socket): void {
    // Nothing that a peer presents may end in an uncaught exception.
    try {
      const link = this.#listener.link(socket);
      if (link !== undefined) serveStream(host, link);
    } catch (error) {
      socket.destroy();
      host.fail(asError(error));
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server?.close(() => resolve());
      this.#listener.closing?.();
      this.#watch?.stop();
      this.#server = undefined;
    });
  }

  address(): Address | null {
    return (this.#server?.address() as Address | null | undefined) ?? null;
  }

  describe(): string {
    const address = this.address();
    return this.#listener.describe(typeof address === 'object' ? address?.port : undefined);
  }
}

/** `listen` creates the socket at once, so no other file is created under this mask, and nobody can connect earlier. */
function withUmask(umask: number | undefined, listen: () => void): void {
  const before = umask === undefined ? undefined : process.umask(umask);
  try {
    listen();
  } finally {
    if (before !== undefined) process.umask(before);
  }
}
