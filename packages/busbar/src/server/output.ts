import type { Transaction } from '../functions/transaction.js';
import type { Link } from '../transport/link.js';

const CAPACITY = 32_768;

/** Replies on their way out, collected to be sent in one write. */
export class Output {
  bytes: Buffer;
  used = 0;
  /** For requests that need none of their own: made for the first of them. */
  transaction: Transaction | undefined;
  readonly #maxAdu: number;

  constructor(maxAdu: number) {
    this.bytes = Buffer.allocUnsafe(CAPACITY + maxAdu);
    this.#maxAdu = maxAdu;
  }

  /** Another reply might not fit. */
  get full(): boolean {
    return this.used + this.#maxAdu > this.bytes.length;
  }

  /** Sends the collected bytes: themselves where the link is done with them at once, else a copy. @returns as `Link.send`. */
  sendTo(link: Link): boolean {
    const lent = link.flushed === true;
    const bytes = this.bytes.subarray(0, this.used);
    const more = link.send(lent ? bytes : Buffer.from(bytes));
    if (lent && link.flushed !== true) this.bytes = Buffer.allocUnsafe(this.bytes.length);
    this.used = 0;
    return more;
  }
}
