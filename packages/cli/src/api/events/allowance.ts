/** So many things in a period; more are left out, and counted. */
export class Allowance {
  readonly #most: number;
  readonly #period: number;
  #taken = 0;
  #leftOut = 0;
  /** The end of the period, as `performance.now()`. */
  #end = 0;

  /** @param period in milliseconds. */
  constructor(most: number, period: number) {
    this.#most = most;
    this.#period = period;
  }

  /** @returns how many were left out before this one; undefined if it is itself. */
  take(): number | undefined {
    const now = performance.now();
    if (now >= this.#end) {
      this.#end = now + this.#period;
      this.#taken = 0;
    }
    if (this.#taken === this.#most) {
      this.#leftOut++;
      return undefined;
    }
    this.#taken++;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
