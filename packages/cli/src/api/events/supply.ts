/** A source that goes. */
interface Going {
  /** Id of the event that was its start. */
  readonly since: number;
  stop(): void;
}

/** A source that goes on while somebody wants it, and a while longer. */
export class Supply {
  readonly #start: () => Going;
  readonly #linger: number;
  #wanted = 0;
  #going: Going | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param linger in milliseconds. */
  constructor(start: () => Going, linger: number) {
    this.#start = start;
    this.#linger = linger;
  }

  /** Somebody wants it. @returns the id of the event that was its start. */
  hold(): number {
    this.#wanted++;
    clearTimeout(this.#timer);
    this.#going ??= this.#start();
    return this.#going.since;
  }

  release(): void {
    this.#wanted--;
    if (this.#wanted === 0) this.#timer = setTimeout(() => this.stop(), this.#linger).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#going?.stop();
    this.#going = undefined;
  }
}
