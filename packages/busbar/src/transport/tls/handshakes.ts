import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectionErrorCode } from '../../error-codes.js';
import { ConnectionError } from '../../errors.js';
import type { Peer } from '../../peer.js';
import { peerOf } from '../address.js';
import { handshakeRefusal } from './refusals.js';

interface Handshake {
  readonly socket: Socket;
  readonly deadline: NodeJS.Timeout;
  /** The credentials against which the client is checked. */
  readonly credentials: object;
}

export interface HandshakeLimits {
  /** Time limit for a whole handshake, in milliseconds. */
  readonly timeout: number;
  /** Handshakes in progress; beyond this number the oldest is ended. */
  readonly count: number;
}

/**
 * Connections that are not secure yet. Silent or slow peers hold one only for a limited time, and cannot keep others
 * out. Node's own deadline would restart with each byte, and its connection limit would turn away the next client.
 */
export class Handshakes {
  readonly #limits: HandshakeLimits;
  readonly #refuse: (peer: Peer, error: ConnectionError) => void;
  /** By the peer's address and port, oldest first. */
  readonly #open = new Map<string, Handshake>();
  /** Connections whose end was already reported. */
  readonly #reported = new WeakSet<Socket>();

  constructor(limits: HandshakeLimits, refuse: (peer: Peer, error: ConnectionError) => void) {
    this.#limits = limits;
    this.#refuse = refuse;
  }

  /** A new connection. @param socket the unencrypted one. */
  begin(socket: Socket, credentials: object): void {
    const key = keyOf(socket);
    const { timeout, count } = this.#limits;
    const expire = () => this.#drop(key, 'HANDSHAKE_TIMEOUT', `the handshake was not complete after ${timeout} ms`);
    this.#open.set(key, { socket, deadline: setTimeout(expire, timeout).unref(), credentials });
    socket.once('close', () => {
      if (this.#open.get(key)?.socket === socket) this.#forget(key);
    });
    if (this.#open.size <= count) return;
    const [oldest] = this.#open.keys();
    this.#drop(
      oldest,
      'CONNECTION_LIMIT',
      'closed for a new connection, because its handshake was the oldest unfinished one',
    );
  }

  /** The handshake is complete. @returns the credentials with which it started. */
  succeeded(socket: TLSSocket): object | undefined {
    const key = keyOf(socket);
    const handshake = this.#open.get(key);
    this.#forget(key);
    return handshake?.credentials;
  }

  failed(error: Error, socket: TLSSocket): void {
    const raw = rawSocketOf(socket);
    if (raw !== undefined && this.#reported.has(raw)) return;
    // A closed encrypted socket no longer knows its peer.
    const peer = peerOf('tls', socket.remotePort === undefined ? (raw ?? socket) : socket);
    this.#refuse(peer, handshakeRefusal(error));
  }

  /** Ends them all, because the server ends. */
  abort(): void {
    for (const [key, { socket }] of [...this.#open]) {
      this.#reported.add(socket);
      this.#forget(key);
      socket.destroy();
    }
  }

  #drop(key: string, code: ConnectionErrorCode, message: string): void {
    const socket = this.#open.get(key)?.socket;
    this.#forget(key);
    if (socket === undefined) return;
    this.#reported.add(socket);
    this.#refuse(peerOf('tls', socket), new ConnectionError(code, message));
    socket.destroy();
  }

  #forget(key: string): void {
    clearTimeout(this.#open.get(key)?.deadline);
    this.#open.delete(key);
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** The connection under an encrypted one. Node keeps it in a private field; without it, only the address is missing. */
function rawSocketOf(socket: TLSSocket): Socket | undefined {
  const parent: Socket | undefined = Reflect.get(socket, '_parent');
  return parent;
}
