import type { Output } from '../../src/ground/output.js';

/** An output that keeps what it takes, and takes nothing while it is `full`. */
export class TestOutput implements Output {
  readonly isTTY: boolean;
  written = '';
  full = false;
  #room = (): void => undefined;

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    if (!this.full) this.written += text;
    return !this.full;
  }

  onRoom(tell: () => void): void {
    this.#room = tell;
  }

  /** The slow reader has taken everything. */
  drain(): void {
    this.full = false;
    this.#room();
  }

  /** What was written, line by line. */
  get lines(): string[] {
    return this.written.split('\n').slice(0, -1);
  }
}
