import { ApiProblem } from './problem.js';

/** Room for so many who stay long: they leave connections to the others. */
export class Room {
  readonly #most: number;
  readonly #busy: string;
  #taken = 0;

  /** @param busy what the clients do, as in `96 clients wait already`. */
  constructor(most: number, busy: string) {
    this.#most = most;
    this.#busy = busy;
  }

  /** @throws ApiProblem if it is full. */
  check(): void {
    if (this.#taken < this.#most) return;
    const detail = `${this.#most} clients ${this.#busy} already: try again later`;
    throw new ApiProblem(503, detail, { headers: { 'Retry-After': '5' } });
  }

  /** @returns a function that leaves it. @throws ApiProblem if it is full. */
  enter(): () => void {
    this.check();
    this.#taken++;
    return () => void this.#taken--;
  }
}
