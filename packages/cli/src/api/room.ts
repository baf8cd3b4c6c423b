import { ApiProblem } from './problem.js';

/** Room for so many who stay long: they leave connections to the others. */
export class Room {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws ApiProblem if it is full. */
  check(): void {
    if (this.#taken < this.#most) return;
    const detail = `${this.#most} clients read events or wait already: try again later`;
    throw new ApiProblem(503, detail, { headers: { 'Retry-After': '5' } });
  }

  /** @returns a function that leaves it. */
  enter(): () => void {
    this.#taken++;
    return () => void this.#taken--;
  }
}
