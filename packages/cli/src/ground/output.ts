import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Bytes that may wait for a slow reader; further lines are lost. */
const MAX_WAITING = 262_144;
/** Milliseconds that a reader has to take the last output. */
const LAST_OUTPUT_MS = 1000;

/** Takes lines. It never throws, and never keeps more than a bounded number of bytes. */
export interface Output {
  readonly isTTY: boolean;
  /** @returns false if the line is lost. */
  write(line: string): boolean;
  /** Calls back each time that a slow reader has caught up. */
  onRoom(tell: () => void): void;
}

/** Opens a stream of the process: a pipe or terminal with its own buffer, or a file. */
export function openOutput(stream: NodeJS.WritableStream & { readonly fd: number; readonly isTTY?: boolean }): Output {
  return stream instanceof Socket ? new StreamOutput(stream, stream.isTTY === true) : new FileOutput(stream.fd);
}

class StreamOutput implements Output {
  readonly isTTY: boolean;
  readonly #stream: Socket;

  constructor(stream: Socket, isTTY: boolean) {
    this.isTTY = isTTY;
    this.#stream = stream;
  }

  write(line: string): boolean {
    if (this.#stream.destroyed || this.#stream.writableLength > MAX_WAITING) return false;
    this.#stream.write(line);
    return true;
  }

  onRoom(tell: () => void): void {
    this.#stream.on('drain', tell);
  }
}

/** Bypasses the stream that Node.js has for files: that ends with its first error, such as a full disk. */
class FileOutput implements Output {
  readonly isTTY = false;
  readonly #fd: number;
  /** A line was written in part and needs an end. */
  #torn = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(line: string): boolean {
    const bytes = Buffer.from(this.#torn ? `\n${line}` : line);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } catch {
      this.#torn ||= written > 0;
      return false;
    }
    this.#torn = false;
    return true;
  }

  /** A file has room again when the next line can be written. */
  onRoom(): void {}
}

/** Prints the answer of a command. @returns the exit code. */
export async function print(text: string): Promise<number> {
  return (await printMore(text)) ?? 0;
}

/** Prints a part of an answer that goes on. @returns the exit code if no more can be printed. */
export function printMore(text: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error?: Error | null) => {
      if (!error) return resolve(undefined);
      if (isReaderGone(error)) return resolve(0);
      process.stderr.write(`busbar: the output can't be written: ${error.message}\n`);
      resolve(1);
    });
  });
}

/** A reader that has seen enough, as in `busbar help | head -1`. */
function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'EIO';
}

/**
 * Keeps the process alive when its output can't be written: a device that serves clients must not die with a closed
 * pipe.
 */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Ends the process even if a reader never takes the remaining output, but gives it time to. */
export function endInTime(): void {
  setTimeout(end, LAST_OUTPUT_MS).unref();
}

/** Ends the process now. */
export function end(code: typeof process.exitCode = process.exitCode): void {
  if (isHeld()) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}

let isHeld = () => false;

/** @param held tells if a disk holds a thread of the process: one that exits waits for its threads, so for ever. */
export function endByForceIf(held: () => boolean): void {
  isHeld = held;
}
