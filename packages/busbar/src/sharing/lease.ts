/** Whether this server leads a unit: it has the lease in Redis, and knows for how long. */
export class Lease {
  readonly #server: string;
  readonly #term: number;
  #until = 0;
  /** What a change of the server that leads must show. Never empty: without the lease it is one that nobody has. */
  token: string;

  /** @param term in ms. */
  constructor(server: string, term: number) {
    this.#server = server;
    this.#term = term;
    this.token = `${server}:none`;
  }

  /** @param holder as Redis says. @param askedAt when it was asked: the lease runs at least from then on. */
  heard(holder: string, askedAt: number): void {
    const isMine = holder.startsWith(`${this.#server}:`);
    this.#until = isMine ? askedAt + this.#term : 0;
    if (isMine) this.token = holder;
  }

  get isHeld(): boolean {
    return performance.now() < this.#until;
  }
}
