import { toHex } from '../helpers/hex.js';

const KEPT_BYTES = 4096;
const KEPT_LINES = 120;
/** Milliseconds after which a server has certainly seen a silence of 50. */
const SILENCE = 53;

/** Bytes of the line, and where in them something that was sent begins or ends. */
export interface Stretch {
  readonly bytes: Uint8Array;
  readonly boundaries: ReadonlySet<number>;
}

/**
 * What has gone over the line of late. For people, as lines: the virtual time in milliseconds, the bytes of a piece in
 * hex, and what begins in it; or a reply of the server.
 */
export class Traffic {
  readonly #lines: string[] = [];
  #bytes: number[] = [];
  /** Bytes ahead of those that are kept. */
  #forgotten = 0;
  #sent = 0;
  #boundaries = new Set<number>([0]);
  /** Where the bytes begin that have come since the last silence that the server must have seen. */
  #burst = 0;
  #lastTime = 0;

  /** How many bytes the server has been given. */
  get handedOver(): number {
    return this.#forgotten + this.#bytes.length;
  }

  note(what: string): void {
    this.#lines.push(`${performance.now().toFixed(1)} ${what}`);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  /**
   * Something of so many bytes is being sent.
   * @param edges where in it something else begins or ends.
   */
  sent(length: number, edges: Iterable<number>): void {
    for (const edge of edges) this.#boundaries.add(this.#sent + edge);
    this.#sent += length;
    this.#boundaries.add(this.#sent);
  }

  /** @param what begins in these bytes. */
  handOver(bytes: readonly number[], what: readonly string[]): void {
    const now = performance.now();
    if (now - this.#lastTime >= SILENCE) this.#burst = this.handedOver;
    this.#lastTime = now;
    this.note([toHex(Uint8Array.from(bytes)), ...what].join(' < '));
    this.#bytes.push(...bytes);
    if (this.#bytes.length > 2 * KEPT_BYTES) this.#forget(KEPT_BYTES);
  }

  #forget(count: number): void {
    this.#bytes = this.#bytes.slice(count);
    this.#forgotten += count;
    this.#boundaries = new Set([...this.#boundaries].filter((at) => at >= this.#forgotten));
  }

  /** Whether such bytes have come of late. */
  has(bytes: Uint8Array): boolean {
    return Buffer.from(this.#bytes).includes(Buffer.from(bytes));
  }

  /** What has come since the last silence that the server must have seen: it may take all of that together. */
  burst(): Stretch {
    const from = Math.max(this.#burst, this.#forgotten);
    const bytes = Uint8Array.from(this.#bytes.slice(from - this.#forgotten));
    return { bytes, boundaries: new Set([...this.#boundaries].map((at) => at - from)) };
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}
