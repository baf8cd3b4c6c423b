import type { RtuScan } from './scan.js';

/**
 * Finds frames that cover a stretch of the line from end to end, without a byte between them. Where nothing tells the length of a
 * frame, its first good CRC may be an accident or a part of its data. It is not, if all the rest of the stretch makes sense behind it.
 */
export class RtuCover {
  readonly #scan: RtuScan;
  /** From here, no frames reach the end of the stretch. */
  readonly #failed = new Set<number>();
  #beyond = false;

  constructor(scan: RtuScan) {
    this.#scan = scan;
  }

  /** Makes the first frame of those that cover `begin..end` the one that was found last. @returns whether there are any. */
  find(begin: number, end: number): boolean {
    return this.#find(begin, end, false);
  }

  /** The same for frames that cover `begin..end` and may end behind it, too. */
  findBeyond(begin: number, end: number): boolean {
    return this.#find(begin, end, true);
  }

  #find(begin: number, end: number, beyond: boolean): boolean {
    const { candidates } = this.#scan;
    this.#beyond = beyond;
    this.#failed.clear();
    const length = this.#firstLength(begin, end);
    if (length === 0) return false;
    candidates.judge(begin, true, true);
    candidates.length = length;
    return true;
  }

  /** Length of the first frame of those that cover `at..end`; 0 if there are none. */
  #firstLength(at: number, end: number): number {
    const { candidates } = this.#scan;
    if (this.#failed.has(at)) return 0;
    let found = candidates.judge(at, true, true) === 'intact';
    const { predicted } = candidates;
    while (found) {
      const { length } = candidates;
      if (this.#isEnough(at + length, end) || (at + length < end && this.#isCovered(at, length, end))) return length;
      found = !predicted && candidates.judge(at, true, true) === 'intact' && candidates.extend(at, length);
    }
    this.#failed.add(at);
    return 0;
  }

  #isEnough(at: number, end: number): boolean {
    return at === end || (this.#beyond && at > end);
  }

  /** Whether frames cover what is behind the one at `at`. */
  #isCovered(at: number, length: number, end: number): boolean {
    const { candidates } = this.#scan;
    const { expected } = candidates;
    this.#scan.follow(at);
    const covered = this.#firstLength(at + length, end) > 0;
    candidates.expected = expected;
    return covered;
  }
}
