/** A pause of 3.5 characters. */
interface Gap {
  /** Position in the window. */
  readonly at: number;
  /** Milliseconds for which the line had idled by then. */
  readonly idle: number;
}

/** The gaps between the bytes that a reader has not finished with. */
export class RtuGaps {
  #gaps: Gap[] = [];

  /** The first `length` bytes have left the window. */
  discard(length: number): void {
    this.#gaps = this.#gaps.map(({ at, idle }) => ({ at: at - length, idle }));
  }

  /** Adds one at `at`. Those ahead of `start`, and those behind `at`, are no longer needed. */
  add(at: number, idle: number, start: number): void {
    this.#gaps = this.#gaps.filter((gap) => gap.at >= start && gap.at < at);
    this.#gaps.push({ at, idle });
  }

  /** Milliseconds for which the line idled from the first of them to the last. */
  get idle(): number {
    return (this.#gaps.at(-1)?.idle ?? 0) - (this.#gaps[0]?.idle ?? 0);
  }

  has(at: number): boolean {
    return this.#gaps.some((gap) => gap.at === at);
  }

  /** Their positions, in order. */
  get positions(): number[] {
    return this.#gaps.map(({ at }) => at);
  }
}
