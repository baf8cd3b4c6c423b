import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { startError } from './process.js';

/** A child process that is talked to line by line; it never outlives end(). */
export class LineProcess {
  readonly #name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #iterator: NodeJS.AsyncIterator<string>;
  readonly #closed: Promise<number | null>;
  #startError: Error | undefined;
  #stderr = '';

  constructor(program: string, args: string[]) {
    this.#name = [program, ...args].join(' ');
    this.#child = spawn(program, args);
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#iterator = this.#lines[Symbol.asyncIterator]();
    this.#closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.once('error', (error) => {
      this.#startError = startError(program, error);
    });
    this.#child.stdin.on('error', () => {}); // the line that is not answered tells
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr += chunk;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What it has written to its standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The next line that it prints; rejects where it ends instead. */
  async next(): Promise<string> {
    const { value, done } = await this.#iterator.next();
    if (!done) return value;
    const code = await this.#closed;
    throw this.#startError ?? new Error(`${this.#name} ended with ${code}: ${this.#stderr}`);
  }

  ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    return this.next();
  }

  /** Asks it to end, insists after 20 s, and returns its exit code. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    this.#child.stdin.end();
    this.#child.kill(signal);
    const code = await this.#closed;
    clearTimeout(timer);
    return code;
  }
}
