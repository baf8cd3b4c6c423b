import { Duplex } from 'node:stream';

export { type StoreCheck, storeChecks } from './storage/store-checks.js';

/** One end of an in-memory connection. */
class MemoryEnd extends Duplex {
  /** The other end; both are set before either is used. */
  peer: MemoryEnd | undefined;
  /** The callback of the peer's write, which waits until this end is read. */
  #resume: (() => void) | undefined;

  override _read(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.peer?.receive(chunk, done);
  }

  override _final(done: () => void): void {
    this.peer?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { peer } = this;
    if (peer !== undefined && !peer.destroyed) process.nextTick(() => peer.destroy());
    this._read();
    done(error);
  }

  /** Delivers a chunk; the writer continues once there is room. */
  receive(chunk: Uint8Array, done: () => void): void {
    if (this.destroyed || this.push(chunk)) done();
    else this.#resume = done;
  }
}

/**
 * The two ends of a connection in memory, with back-pressure and half-close like a socket's. Pass one to
 * `ModbusStreamServer.accept`, and speak Modbus over the other. For tests of programs that embed a server; no port is
 * opened.
 */
export function createConnectionPair(): [Duplex, Duplex] {
  const [here, there] = [new MemoryEnd(), new MemoryEnd()];
  here.peer = there;
  there.peer = here;
  return [here, there];
}
