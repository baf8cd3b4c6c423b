const CAPACITY = 32_768;

/** Replies on their way out, collected to be sent in one write. */
export class Output {
  readonly bytes: Buffer;
  used = 0;
  readonly #maxAdu: number;

  constructor(capacity: number, maxAdu: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
    this.#maxAdu = maxAdu;
  }

  /** Another reply might not fit. */
  get full(): boolean {
    return this.used + this.#maxAdu > this.bytes.length;
  }

  /** The collected bytes, for keeps. */
  copy(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.used));
  }
}

/** Outputs for the time of one call: a server needs one, and a further one only where a listener calls back into it. */
export class OutputPool {
  readonly #maxAdu: number;
  readonly #free: Output[] = [];

  constructor(maxAdu: number) {
    this.#maxAdu = maxAdu;
  }

  take(): Output {
    return this.#free.pop() ?? new Output(CAPACITY + this.#maxAdu, this.#maxAdu);
  }

  give(output: Output): void {
    output.used = 0;
    this.#free.push(output);
  }
}
