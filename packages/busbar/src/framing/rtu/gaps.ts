/** A pause of 3.5 characters. */
interface Gap {
  /** Where in the window it was. */
  at: number;
  /** Milliseconds that the line had idled by then. */
  readonly idle: number;
}

/** The gaps in the bytes that a reader is not done with. */
export class RtuGaps {
  #gaps: Gap[] = [];

  /** The window has left its first `length` bytes. */
  discard(length: number): void {
    for (const gap of this.#gaps) gap.at -= length;
  }

  /** There was one at `at`. Those ahead of `start`, and those behind `at`, are done with. */
  add(at: number, idle: number, start: number): void {
    this.#gaps = this.#gaps.filter((gap) => gap.at >= start && gap.at < at);
    this.#gaps.push({ at, idle });
  }

  /** Milliseconds that the line has idled from the first of them to the last. */
  get idle(): number {
    return (this.#gaps.at(-1)?.idle ?? 0) - (this.#gaps[0]?.idle ?? 0);
  }

  /** Whether there was one at `at`. */
  has(at: number): boolean {
    return this.#gaps.some((gap) => gap.at === at);
  }

  /** Where the first one was that `accept` takes. */
  find(accept: (at: number) => boolean): number | undefined {
    return this.#gaps.find(({ at }) => accept(at))?.at;
  }
}
