import { Duplex } from 'node:stream';

/**
 * A port that hands bytes over, and takes them, in the same moment: for tests in virtual time. It stands in for one of
 * the package `serialport`, too: `vi.mock('serialport', () => ({ SerialPort: WirePort }))`.
 */
export class WirePort extends Duplex {
  /** The one that was made last, be it by a server. */
  static last: WirePort | undefined;
  readonly path = 'wire';
  isOpen = true;
  onWrite: (bytes: Uint8Array) => void = () => {};

  constructor() {
    super({ read() {} });
    WirePort.last = this;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.onWrite(chunk);
    done();
  }

  /** Bytes come from the line. */
  receive(bytes: Uint8Array): void {
    this.emit('data', Buffer.from(bytes));
  }

  open(done: (error: Error | null) => void): void {
    done(null);
  }

  drain(done: (error: Error | null) => void): void {
    done(null);
  }

  close(done: (error: Error | null) => void): void {
    this.isOpen = false;
    this.destroy();
    done(null);
  }
}
