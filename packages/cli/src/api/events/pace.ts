/** Does a task when asked to, at most once in an interval: at once if it has not been done for as long. */
export class Pace {
  readonly #interval: number;
  readonly #task: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** As `performance.now()`. */
  #last = Number.NEGATIVE_INFINITY;

  /** @param interval in milliseconds. */
  constructor(interval: number, task: () => void) {
    this.#interval = interval;
    this.#task = task;
  }

  ask(): void {
    if (this.#timer !== undefined) return;
    const left = this.#last + this.#interval - performance.now();
    this.#timer = setTimeout(() => this.#run(), Math.max(0, left)).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    this.#task();
  }
}
