// A serial line that needs no hardware: socat holds a pseudo-terminal, whose other end is this process.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const startTimeout = 5_000;
const tick = 4;
/** Bytes that may wait for a server which doesn't read: beyond them the line loses, as a line does. */
const maxUnsent = 16 * 1024;
const maxReceived = 64 * 1024;

/** @param {import('node:child_process').ChildProcess} socat */
function started(socat) {
  return new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => socat.kill('SIGKILL'), startTimeout);
    socat.stderr?.on('data', (chunk) => {
      log = (log + chunk).slice(-2000);
      if (!log.includes('starting data transfer')) return;
      clearTimeout(timer);
      resolve(undefined);
    });
    socat.once('error', ({ message }) => reject(new Error(`socat could not be run: ${message}`)));
    socat.once('close', () => reject(new Error(`socat ended: ${log}`)));
  });
}

/** What is at the other end of a server's line. */
export class Pty {
  /** Bytes that came from the server and have not been looked at: the last of them, if they are many. */
  received = Buffer.alloc(0);
  /** Bytes lost because the server did not read. */
  lost = 0;
  /** @type {import('node:child_process').ChildProcessWithoutNullStreams | undefined} */
  #socat;
  #wake = () => {};

  /** @param {string} path where the server finds its end */
  constructor(path) {
    this.path = path;
  }

  async open() {
    this.#socat = spawn('socat', ['-d', '-d', 'STDIO', `PTY,raw,echo=0,link=${this.path}`]);
    this.#socat.stdin.on('error', () => {});
    this.#socat.stdout.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]).subarray(-maxReceived);
      this.#wake();
    });
    await started(this.#socat);
  }

  /** @param {Uint8Array} bytes */
  send(bytes) {
    const input = this.#socat?.stdin;
    if (input && input.writableLength + bytes.length <= maxUnsent) input.write(bytes);
    else this.lost += bytes.length;
  }

  /**
   * Sends a request and waits for its reply, whatever else comes.
   * @param {Uint8Array} request
   * @param {Buffer} reply
   * @param {number} timeout
   */
  async ask(request, reply, timeout) {
    const end = performance.now() + timeout;
    this.received = Buffer.alloc(0);
    this.send(request);
    while (!this.received.includes(reply)) {
      const left = end - performance.now();
      if (left <= 0) return false;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => resolve(clearTimeout(timer));
      });
    }
    return true;
  }

  close() {
    this.#socat?.kill();
  }
}

/**
 * Sends the same bytes on all lines at the pace of a line, for as many seconds.
 * @param {Pty[]} lines
 * @param {Uint8Array} bytes sent over and over
 * @param {{ bytesPerSecond: number, seconds: number }} pace
 */
export async function sendPaced(lines, bytes, { bytesPerSecond, seconds }) {
  const start = performance.now();
  let sent = 0;
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - start) / 1000) {
    const due = Math.floor(elapsed * bytesPerSecond) - sent;
    const from = sent % bytes.length;
    const chunk = bytes.subarray(from, from + due);
    for (const line of lines) line.send(chunk);
    sent += chunk.length;
    await delay(tick);
  }
  return (performance.now() - start) / 1000;
}
