import { FakePort } from './fake-port.js';

/**
 * Stands in for a port of the package `serialport`: `vi.doMock('serialport', () => ({ SerialPort: FakeSerialPort }))`.
 */
export class FakeSerialPort extends FakePort {
  /** All that were opened, the last one last. */
  static readonly opened: FakeSerialPort[] = [];
  isOpen = false;

  open(done: (error: Error | null) => void): void {
    this.isOpen = true;
    FakeSerialPort.opened.push(this);
    done(null);
  }

  close(done: (error: Error | null) => void): void {
    this.isOpen = false;
    this.destroy();
    done(null);
  }
}
