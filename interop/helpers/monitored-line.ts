import type { SerialPort } from 'serialport';
import { CommandLog, type Entry } from './command-log.js';
import { openPort } from './open-port.js';
import { createPtyPair, type PtyPair } from './pty.js';

/** A serial line that `busbar monitor` listens to, and writes down. */
export class MonitoredLine {
  readonly #pair: PtyPair;
  readonly #port: SerialPort;
  readonly #monitor: CommandLog;

  private constructor(pair: PtyPair, port: SerialPort, monitor: CommandLog) {
    this.#pair = pair;
    this.#port = port;
    this.#monitor = monitor;
  }

  /** @param pcap the capture file. */
  static async start(pcap: string, framing: 'rtu' | 'ascii' = 'rtu'): Promise<MonitoredLine> {
    const pair = await createPtyPair();
    const mode = framing === 'ascii' ? ['--ascii'] : [];
    const monitor = new CommandLog(['monitor', '--serial', pair.a, '--pcap', pcap, ...mode]);
    try {
      await monitor.next('listening');
      return new MonitoredLine(pair, await openPort(pair.b), monitor);
    } catch (error) {
      await monitor.stop();
      await pair.remove();
      throw error;
    }
  }

  /** Puts bytes on the line. @returns what the log says of them. */
  async put(bytes: Buffer): Promise<Entry> {
    this.#port.write(bytes);
    return await this.#monitor.next('frame', 'noise');
  }

  /** @returns the exit code of the monitor, whose capture is complete then. */
  async stop(): Promise<number | null> {
    const code = await this.#monitor.stop();
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
    await this.#pair.remove();
    return code;
  }
}
