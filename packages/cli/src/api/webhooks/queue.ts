/** What waits to be sent: bounded, so that the oldest go when there is too much. */
export class Queue<T extends { readonly json: string }> {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #items: T[] = [];
  #bytes = 0;
  #lost = 0;

  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  get length(): number {
    return this.#items.length;
  }

  /** How many had to go since `takeLost()`. */
  get lost(): number {
    return this.#lost;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#bytes += item.json.length;
    while (this.length > this.#most || (this.#bytes > this.#mostBytes && this.length > 1)) {
      this.shift();
      this.#lost++;
    }
  }

  shift(): T | undefined {
    const item = this.#items.shift();
    this.#bytes -= item?.json.length ?? 0;
    return item;
  }

  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }
}
