import { Turns } from './turns.js';

/** A request that waits for its turn. It is told one of the two, once. */
export interface Waiter {
  readonly exclusive: boolean;
  /** Its turn has come: it is to `run` now. */
  admitted(): void;
  /** It is not to run any more. */
  dropped(): void;
}

/**
 * Keeps a unit's requests apart while user code is at work asynchronously: reads go together, a write goes alone. The owners of the
 * requests have their turns one after the other, each with its requests in their order. So neither a stream of reads nor the many
 * requests of one owner keep another waiting for more than a round.
 */
export class RequestLock {
  #readers = 0;
  #writing = false;
  #admitting = false;
  readonly #turns = new Turns<Waiter>();
  /** Nobody holds it or waits: a request that completes at once needs no lock at all. A field, as every request asks. */
  idle = true;

  /** Requests that wait. */
  get waiting(): number {
    return this.#turns.size;
  }

  /** Whether a request may run at once. */
  isFree(exclusive: boolean): boolean {
    return this.waiting === 0 && this.#admits(exclusive);
  }

  /**
   * Runs a task, which must not throw, for a request that may run now. The result of a task that answers at once comes without a
   * promise.
   */
  run<T>(owner: unknown, exclusive: boolean, task: () => T | Promise<T>): T | Promise<T> {
    this.idle = false;
    if (exclusive) this.#writing = true;
    else this.#readers++;
    const result = task();
    if (result instanceof Promise) return result.finally(() => this.#release(owner, exclusive));
    this.#release(owner, exclusive);
    return result;
  }

  wait(owner: unknown, waiter: Waiter): void {
    this.idle = false;
    this.#turns.add(owner, waiter);
  }

  drop(owner: unknown, waiter: Waiter): void {
    this.#turns.remove(owner, waiter);
    waiter.dropped();
    this.#admit();
  }

  /** The owner is gone. */
  dropAll(owner: unknown): void {
    for (const waiter of this.#turns.removeAll(owner)) waiter.dropped();
    this.#admit();
  }

  /** Drops one request of the owner with most of them, if they are more than `owner` would have with one more. */
  makeRoom(owner: unknown): void {
    this.#turns.removeExcess(owner)?.dropped();
  }

  #release(owner: unknown, exclusive: boolean): void {
    if (exclusive) this.#writing = false;
    else this.#readers--;
    // Also behind owners that have come while it ran.
    if (exclusive) this.#turns.pass(owner);
    this.#admit();
  }

  /** A task that answers at once releases from within: the loop goes on then, instead of recursing. */
  #admit(): void {
    if (!this.#admitting) this.#admitAll();
    this.idle = this.#readers === 0 && !this.#writing && this.waiting === 0;
  }

  #admitAll(): void {
    this.#admitting = true;
    for (let { next } = this.#turns; next !== undefined && this.#admits(next[1].exclusive); { next } = this.#turns) {
      const [owner, waiter] = next;
      this.#turns.remove(owner, waiter);
      // Reads go together: more of them take no more of the others' time.
      if (waiter.exclusive || this.#turns.first(owner)?.exclusive !== false) this.#turns.pass(owner);
      waiter.admitted();
    }
    this.#admitting = false;
  }

  #admits(exclusive: boolean): boolean {
    return !this.#writing && (!exclusive || this.#readers === 0);
  }
}
