import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { toHex } from './hex.js';

export interface Frame {
  transactionId: number;
  protocolId: number;
  unit: number;
  pdu: Uint8Array;
}

export interface Address {
  host: string;
  port: number;
  localAddress?: string;
}

/** The MBAP header and a PDU, as one frame. */
export function frame(transactionId: number, unit: number, pdu: Uint8Array, protocolId = 0): Buffer {
  const adu = Buffer.alloc(7 + pdu.length);
  adu.writeUInt16BE(transactionId, 0);
  adu.writeUInt16BE(protocolId, 2);
  adu.writeUInt16BE(pdu.length + 1, 4);
  adu[6] = unit;
  adu.set(pdu, 7);
  return adu;
}

/** A Modbus/TCP client of the tests' own: it knows frames, and nothing of what is in them. */
export class MbapClient<Stream extends Duplex = Socket> {
  readonly socket: Stream;
  /** Resolves when the connection is gone, whoever ended it and how. */
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #frames: Frame[] = [];
  #waiting: ((frame: Frame | undefined) => void)[] = [];
  #ended = false;
  #transactionId = 0;

  /** Over a stream that leads to a server. */
  constructor(socket: Stream) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#parse(chunk));
    socket.on('error', () => {});
    socket.on('end', () => this.#end());
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#end();
        resolve();
      });
    });
  }

  static async connect(address: Address): Promise<MbapClient> {
    const socket = connect({ ...address, noDelay: true, allowHalfOpen: true });
    const client = new MbapClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Writes bytes and resolves when the kernel has them, so that the next write is a segment of its own. */
  writeFlushed(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The next frame from the server, or undefined when the server ended the connection before one came. */
  next(): Promise<Frame | undefined> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#ended) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends one request and checks that the next frame is its reply. */
  async request(unit: number, pdu: Uint8Array): Promise<Uint8Array> {
    const transactionId = this.send(unit, pdu);
    const reply = await this.next();
    if (reply === undefined) throw new Error('the server closed the connection');
    if (reply.transactionId !== transactionId || reply.protocolId !== 0 || reply.unit !== unit) {
      throw new Error(`reply of another request: ${JSON.stringify({ ...reply, pdu: toHex(reply.pdu) })}`);
    }
    return reply.pdu;
  }

  /** Sends one request without waiting; returns its transaction id. */
  send(unit: number, pdu: Uint8Array): number {
    this.#transactionId = (this.#transactionId + 1) & 0xffff;
    this.write(frame(this.#transactionId, unit, pdu));
    return this.#transactionId;
  }

  /** Bytes that came and are no whole frame. */
  get remainder(): Uint8Array {
    return this.#received;
  }

  async close(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }

  async reset(this: MbapClient): Promise<void> {
    this.socket.resetAndDestroy();
    await this.closed;
  }

  #parse(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 7) {
      const length = this.#received.readUInt16BE(4);
      if (this.#received.length < 6 + length) return;
      this.#deliver({
        transactionId: this.#received.readUInt16BE(0),
        protocolId: this.#received.readUInt16BE(2),
        unit: this.#received[6] ?? 0,
        pdu: Uint8Array.from(this.#received.subarray(7, 6 + length)),
      });
      this.#received = this.#received.subarray(6 + length);
    }
  }

  #deliver(frame: Frame): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#frames.push(frame);
    else waiting(frame);
  }

  #end(): void {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting(undefined);
  }
}
