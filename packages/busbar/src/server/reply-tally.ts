/** Replies to requests with one function that ended in the same way. */
export interface ReplyCount {
  /** Of the request, 0..255. */
  readonly functionCode: number;
  /** 0: it was carried out. */
  readonly exceptionCode: number;
  readonly count: number;
}

/** Counts the replies of a server by function and exception. */
export class ReplyTally {
  /** Replies without an exception, by function code. */
  readonly done: Float64Array = new Float64Array(256);
  readonly #refused = new Map<number, Float64Array>();

  refused(functionCode: number, exceptionCode: number): void {
    const counts = this.#refused.get(exceptionCode) ?? new Float64Array(256);
    this.#refused.set(exceptionCode, counts);
    counts[functionCode]++;
  }

  /** Those that have occurred, in the order of the codes. */
  list(): ReplyCount[] {
    const refused = [...this.#refused].flatMap(([code, counts]) => listed(counts, code));
    const all = [...listed(this.done, 0), ...refused];
    return all.sort((a, b) => a.functionCode - b.functionCode || a.exceptionCode - b.exceptionCode);
  }
}

function listed(counts: Float64Array, exceptionCode: number): ReplyCount[] {
  const all = Array.from(counts, (count, functionCode) => ({ functionCode, exceptionCode, count }));
  return all.filter(({ count }) => count > 0);
}
