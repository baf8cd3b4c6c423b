interface Waiter {
  readonly exclusive: boolean;
  readonly run: () => void;
}

/**
 * Keeps a unit's requests apart while user code is at work asynchronously: reads go together, a write goes alone, and
 * nobody overtakes (a stream of reads can't starve a write).
 */
export class RequestLock {
  #readers = 0;
  #writer = false;
  #admitting = false;
  readonly #waiting: Waiter[] = [];

  /** Nobody holds it or waits: a request that completes at once needs no lock at all. */
  get idle(): boolean {
    return this.#readers === 0 && !this.#writer && this.#waiting.length === 0;
  }

  /** Calls `run` as soon as it may go: now, or when those before it have released. */
  acquire(exclusive: boolean, run: () => void): void {
    this.#waiting.push({ exclusive, run });
    this.#admit();
  }

  release(exclusive: boolean): void {
    if (exclusive) this.#writer = false;
    else this.#readers--;
    this.#admit();
  }

  /** A request that completes at once releases from within `run`: the loop goes on then, instead of recursing. */
  #admit(): void {
    if (this.#admitting) return;
    this.#admitting = true;
    for (let next = this.#waiting[0]; next !== undefined && this.#admits(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      if (next.exclusive) this.#writer = true;
      else this.#readers++;
      next.run();
    }
    this.#admitting = false;
  }

  #admits({ exclusive }: Waiter): boolean {
    return !this.#writer && (!exclusive || this.#readers === 0);
  }
}
