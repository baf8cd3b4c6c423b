import type { Duplex } from 'node:stream';
import { types } from 'node:util';
import { show } from '../checks.js';
import { asError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { Session } from '../server/session.js';
import type { Link } from './link.js';
import type { TransportHost } from './transport.js';

/** Serves the peer at the other end of a stream until the stream closes. */
export function serveStream(host: TransportHost, link: StreamLink): void {
  const { stream } = link;
  if (!link.connect(host)) {
    stream.on('error', () => undefined);
    stream.destroy();
    return;
  }
  // All connections use the same event listeners, because thousands may be idle; each listener finds its own link.
  const linked: LinkedStream = Object.assign(stream, { [ownLink]: link });
  linked.on('data', onData).on('drain', onDrain).on('end', onEnd).on('error', onError).on('close', onClose);
}

const ownLink = Symbol('link');

interface LinkedStream extends Duplex {
  [ownLink]: StreamLink;
}

function onData(this: LinkedStream, chunk: unknown): void {
  if (types.isUint8Array(chunk)) this[ownLink].session?.receive(chunk);
  else this.destroy(new TypeError(`the stream must deliver bytes, found ${show(chunk)}`));
}

function onDrain(this: LinkedStream): void {
  this[ownLink].session?.drained();
}

function onEnd(this: LinkedStream): void {
  this[ownLink].session?.inputEnded();
}

function onError(this: LinkedStream, error: unknown): void {
  this[ownLink].failed(asError(error));
}

function onClose(this: LinkedStream): void {
  this[ownLink].closed();
}

/** A connection over a stream. */
export class StreamLink implements Link {
  readonly stream: Duplex;
  readonly peer: Peer;
  session: Session | undefined;
  #host: TransportHost | undefined;
  #failure: Error | undefined;

  constructor(stream: Duplex, peer: Peer) {
    this.stream = stream;
    this.peer = peer;
  }

  /** @returns false if the server has no room for it. */
  connect(host: TransportHost): boolean {
    this.#host = host;
    this.session = host.connect(this);
    return this.session !== undefined;
  }

  send(bytes: Uint8Array): boolean {
    // The program's own stream may throw, too.
    try {
      return this.stream.write(bytes);
    } catch (error) {
      this.stream.destroy(asError(error));
      return true;
    }
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  end(linger: boolean): void {
    const { stream } = this;
    // Read on and discard: closing with unread input would reset the connection and lose the last replies.
    stream.resume();
    stream.end(() => {
      if (!linger) setImmediate(() => stream.destroy());
    });
  }

  destroy(): void {
    this.stream.destroy();
  }

  failed(error: Error): void {
    this.#failure = error;
    this.session?.failed(error);
  }

  closed(): void {
    if (this.session !== undefined) this.#host?.disconnect(this.session, this.#failure);
  }
}

/** A connection over a system socket, which usually takes all bytes at once. */
export class SocketLink extends StreamLink {
  get flushed(): boolean {
    return this.stream.writableLength === 0;
  }
}
