import type { AddressInfo, ListenOptions, Server, Socket } from 'node:net';
import { asError } from '../errors.js';
import type { Peer } from '../peer.js';
import { DescriptorWatch } from './descriptor-watch.js';
import { SocketLink, StreamLink, serveStream } from './stream-link.js';
import type { Transport, TransportHost } from './transport.js';

/** The differences between the transports that listen on a `net.Server`. */
export interface NetListener {
  /** Creates the accepting server, which is opened and closed here. */
  create(host: TransportHost): Server | Promise<Server>;
  /** The event of that server for a connection that is ready for requests. */
  readonly event: 'connection' | 'secureConnection';
  readonly listen: ListenOptions;
  /** Permissions that the socket's file must not have. */
  readonly umask?: number;
  /** @returns undefined for a refused connection, which the listener has closed. */
  peerOf(socket: Socket): Peer | undefined;
  /** The server is closing, and closes its connections, except those not handed over yet. */
  closing?(): void;
  /** For messages; `port` is the port on which it listens, if it does. */
  describe(port: number | undefined): string;
}

/** A transport over a `net.Server` or `tls.Server`. */
export class NetTransport<Address extends AddressInfo | string> implements Transport<Address> {
  readonly #listener: NetListener;
  #server: Server | undefined;
  #watch: DescriptorWatch | undefined;

  constructor(listener: NetListener) {
    this.#listener = listener;
  }

  async open(host: TransportHost): Promise<void> {
    const { event, listen, umask, peerOf } = this.#listener;
    // TLS keeps the bytes until it has encrypted and sent them.
    const Link = event === 'secureConnection' ? StreamLink : SocketLink;
    const server = await this.#listener.create(host);
    server.on(event, (socket: Socket) => {
      // Nothing that a peer sends may end in an uncaught exception.
      try {
        const peer = peerOf(socket);
        if (peer !== undefined) serveStream(host, new Link(socket, peer));
      } catch (error) {
        socket.destroy();
        host.fail(asError(error));
      }
    });
    await new Promise<void>((resolve, reject) => {
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
