import type { Duplex } from 'node:stream';
import { types } from 'node:util';
import { show } from '../../checks.js';
import { asError } from '../../errors.js';
import type { Peer } from '../../peer.js';
import type { Connection, Link } from '../link.js';
import type { TransportHost } from '../transport.js';

/** Whom connections are brought to. */
type ConnectionHost = Pick<TransportHost, 'connect'>;

/**
 * Serves the peer at the other end of a stream until the stream closes.
 * @throws TypeError if the stream is served already.
 */
export function serveStream(host: ConnectionHost, link: StreamLink): void {
  const { stream } = link;
  if (ownLinkOf(stream)?.connection !== undefined) throw new TypeError('the stream is served already');
  if (!link.connect(host)) {
    stream.on('error', () => undefined);
    stream.destroy();
    return;
  }
  // All connections use the same event listeners, because thousands may be idle; each listener finds its own link.
  const linked: LinkedStream = Object.assign(stream, { [ownLink]: link });
  linked.on('data', onData).on('drain', onDrain).on('end', onEnd).on('error', onError).on('close', onClose);
  // A stream that has closed before will not say so again.
  if (stream.closed) process.nextTick(() => link.closed());
}

const ownLink = Symbol('link');

interface LinkedStream extends Duplex {
  [ownLink]: StreamLink;
}

function ownLinkOf(stream: Duplex & { readonly [ownLink]?: StreamLink }): StreamLink | undefined {
  return stream[ownLink];
}

function onData(this: LinkedStream, chunk: unknown): void {
  if (types.isUint8Array(chunk)) this[ownLink].connection?.receive(chunk);
  else this.destroy(new TypeError(`the stream must deliver bytes, found ${show(chunk)}`));
}

function onDrain(this: LinkedStream): void {
  this[ownLink].connection?.drained();
}

function onEnd(this: LinkedStream): void {
  this[ownLink].connection?.inputEnded();
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
  connection: Connection | undefined;
  #failure: Error | undefined;

  constructor(stream: Duplex, peer: Peer) {
    this.stream = stream;
    this.peer = peer;
  }

  /** @returns false if the server has no room for it. */
  connect(host: ConnectionHost): boolean {
    this.connection = host.connect(this);
    return this.connection !== undefined;
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
    this.connection?.failed(error);
  }

  /** Closes at once, for a reason of the transport's own. */
  cut(reason: Error): void {
    this.#failure = reason;
    this.closed();
    this.stream.destroy();
  }

  /** Tells so, once. */
  closed(): void {
    const { connection } = this;
    this.connection = undefined;
    connection?.closed(this.#failure);
  }
}

/** A connection over a system socket, which usually takes all bytes at once. */
export class SocketLink extends StreamLink {
  constructor(stream: Duplex, peer: Peer) {
    super(stream, peer);
    // Node's own listener ends sockets that are not half-open. Without it, an idle socket holds no list of listeners.
    if (stream.allowHalfOpen) for (const own of stream.listeners('end')) stream.off('end', own as () => void);
  }

  get flushed(): boolean {
    return this.stream.writableLength === 0;
  }
}
