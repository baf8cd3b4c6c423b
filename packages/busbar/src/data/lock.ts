interface Waiter {
  readonly exclusive: boolean;
  readonly start: () => void;
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

  /**
   * Runs a task as soon as it may: now, or when those before it are done. The result of a task that runs now and answers now
   * comes without a promise.
   */
  run<T>(exclusive: boolean, task: () => T | Promise<T>): T | Promise<T> {
    if (this.#waiting.length === 0 && this.#admits(exclusive)) return this.#start(exclusive, task);
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        exclusive,
        start: () => {
          try {
            resolve(this.#start(exclusive, task));
          } catch (error) {
            reject(error);
          }
        },
      });
    });
  }

  #start<T>(exclusive: boolean, task: () => T | Promise<T>): T | Promise<T> {
    if (exclusive) this.#writer = true;
    else this.#readers++;
    let result: T | Promise<T>;
    try {
      result = task();
    } catch (error) {
      this.#release(exclusive);
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => this.#release(exclusive));
    this.#release(exclusive);
    return result;
  }

  #release(exclusive: boolean): void {
    if (exclusive) this.#writer = false;
    else this.#readers--;
    this.#admit();
  }

  /** A task that answers at once releases from within: the loop goes on then, instead of recursing. */
  #admit(): void {
    if (this.#admitting) return;
    this.#admitting = true;
    for (let next = this.#waiting[0]; next !== undefined && this.#admits(next.exclusive); next = this.#waiting[0]) {
      this.#waiting.shift();
      next.start();
    }
    this.#admitting = false;
  }

  #admits(exclusive: boolean): boolean {
    return !this.#writer && (!exclusive || this.#readers === 0);
  }
}
