import type { ModbusSerialServer, SerialServerOptions } from 'busbar';
import { vi } from 'vitest';
import { toHex } from './hex.js';
import { createSerial } from './serial.js';
import { WirePort } from './wire-port.js';

/** Something that a server has sent: `40 ms: …`, the time and the bytes in hex. */
export function sentAt(time: number, ...frames: readonly Uint8Array[]): string {
  return `${time} ms: ${frames.map(toHex).join('')}`;
}

/** A serial server in virtual time, which begins when it listens. */
export interface VirtualLine {
  readonly server: ModbusSerialServer;
  /** What the server has sent, as by `sentAt`. */
  readonly sent: readonly string[];
  /** These bytes come from the line, in one piece. */
  receive(...frames: readonly Uint8Array[]): void;
  /** So many milliseconds go by. */
  pass(time: number): Promise<unknown>;
}

/** Starts a server on a port of the program's, or, with a `path`, on one of the mocked package `serialport`. */
export async function serveInVirtualTime(options: Partial<SerialServerOptions>): Promise<VirtualLine> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  const port = options.path === undefined ? { port: new WirePort() } : {};
  const server = await createSerial({ ...port, ...options }).listen();
  const wire = WirePort.last as WirePort;
  const begin = performance.now();
  const sent: string[] = [];
  wire.onWrite = (bytes) => void sent.push(sentAt(Math.round(performance.now() - begin), bytes));
  return {
    server,
    sent,
    receive: (...frames) => wire.receive(Buffer.concat(frames)),
    pass: (time) => vi.advanceTimersByTimeAsync(time),
  };
}
