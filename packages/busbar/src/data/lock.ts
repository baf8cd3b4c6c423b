import { Turns } from './turns.js';

/** A request that waits for its turn. One of the two is called, once. */
export interface Waiter {
  readonly exclusive: boolean;
  /** Its turn has come: it must `run` now. */
  admitted(): void;
  /** It must not run any more. */
  dropped(): void;
}

/**
 * Keeps a unit's requests apart while user code runs asynchronously: reads run together, a write runs alone. The owners
 * of the requests take turns, each with its requests in order. So neither a stream of reads nor many requests of one
 * owner can delay another owner by more than a round.
 */
export class RequestLock {
  #readers = 0;
  /** Requests that touch memory only, and wait for what stands behind it. */
  #beside = 0;
  #writing = false;
  #admitting = false;
  readonly #turns = new Turns<Waiter>();
  /**
   * Nobody holds it or waits, so a request that completes at once needs no lock. It is a field because every request
   * reads it.
   */
  idle = true;

  /** The number of waiting requests. */
  get waiting(): number {
    return this.#turns.size;
  }

  /** Whether a request may run at once. */
  isFree(exclusive: boolean): boolean {
    return this.waiting === 0 && this.#admits(exclusive);
  }

  /** Runs a task, which must not throw, for a request that may run now. Returns a promise only if the task does. */
  run<T>(owner: unknown, exclusive: boolean, task: () => T | Promise<T>): T | Promise<T> {
    this.idle = false;
    if (exclusive) this.#writing = true;
    else this.#readers++;
    const result = task();
    if (result instanceof Promise) return result.finally(() => this.#release(owner, exclusive));
    this.#release(owner, exclusive);
    return result;
  }

  /**
   * Runs a task as `run` does a read, for a request that only waits to be put down: others that complete at once need not
   * know of it.
   */
  runBeside<T>(task: () => T | Promise<T>): T | Promise<T> {
    this.#beside++;
    const result = task();
    if (result instanceof Promise) return result.finally(() => this.#leave());
    this.#leave();
    return result;
  }

  #leave(): void {
    this.#beside--;
    this.#admit();
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

  /** The owner has disconnected. */
  dropAll(owner: unknown): void {
    for (const waiter of this.#turns.removeAll(owner)) waiter.dropped();
    this.#admit();
  }

  /** Drops one request of the owner with the most requests, if it has more than `owner` would have with one more. */
  makeRoom(owner: unknown): void {
    this.#turns.removeExcess(owner)?.dropped();
  }

  #release(owner: unknown, exclusive: boolean): void {
    if (exclusive) this.#writing = false;
    else this.#readers--;
    // Its next turn also comes after owners that arrived while it ran.
    if (exclusive) this.#turns.pass(owner);
    this.#admit();
  }

  /** A synchronous task releases the lock inside this loop, which then goes on instead of recursing. */
  #admit(): void {
    if (!this.#admitting) this.#admitAll();
    this.idle = this.#readers === 0 && !this.#writing && this.waiting === 0;
  }

  #admitAll(): void {
    this.#admitting = true;
    for (let { next } = this.#turns; next !== undefined && this.#admits(next[1].exclusive); { next } = this.#turns) {
      const [owner, waiter] = next;
      this.#turns.remove(owner, waiter);
      // Reads run together, so more of them do not delay the others.
      if (waiter.exclusive || this.#turns.first(owner)?.exclusive !== false) this.#turns.pass(owner);
      waiter.admitted();
    }
    this.#admitting = false;
  }

  #admits(exclusive: boolean): boolean {
    return !this.#writing && (!exclusive || (this.#readers === 0 && this.#beside === 0));
  }
}
