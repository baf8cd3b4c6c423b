interface Slot<T> {
  readonly item: T;
  readonly bytes: number;
}

/** The last items of many, bounded in number and bytes: the oldest go. */
export class Ring<T> {
  readonly #most: number;
  readonly #mostBytes: number;
  #slots: Slot<T>[] = [];
  /** Index of the oldest one; what is before it is gone. */
  #first = 0;
  #bytes = 0;

  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  get length(): number {
    return this.#slots.length - this.#first;
  }

  /** @param index from the oldest on, 0. */
  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#slots[this.#first + index]?.item;
  }

  /** @param bytes that it takes, about. */
  push(item: T, bytes: number): void {
    this.#slots.push({ item, bytes });
    this.#bytes += bytes;
    while (this.length > this.#most || (this.#bytes > this.#mostBytes && this.length > 1)) this.#drop();
  }

  /** Those that are gone leave the array together, as each time costs. */
  #drop(): void {
    this.#bytes -= this.#slots[this.#first].bytes;
    this.#first++;
    if (this.#first < this.#slots.length / 2) return;
    this.#slots = this.#slots.slice(this.#first);
    this.#first = 0;
  }

  *newestFirst(): Iterable<T> {
    for (let i = this.#slots.length - 1; i >= this.#first; i--) yield this.#slots[i].item;
  }
}
