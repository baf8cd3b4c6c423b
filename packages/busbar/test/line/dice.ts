import { random } from '../../../../interop/helpers/random.js';

/** All that is left to chance: the same for the same seed. */
export class Dice {
  readonly #next: (below: number) => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  below(limit: number): number {
    return this.#next(limit);
  }

  /** A time, to the microsecond. */
  between(least: number, most: number): number {
    return least + this.#next((most - least) * 1000) / 1000;
  }

  /** Once in so many times. */
  chance(oneIn: number): boolean {
    return this.#next(oneIn) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.#next(values.length)] as T;
  }

  byte(): number {
    return this.#next(256);
  }

  bytes(count: number): number[] {
    return Array.from({ length: count }, () => this.byte());
  }
}
