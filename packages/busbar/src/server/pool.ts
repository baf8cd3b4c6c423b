/** Things for the time of one call: a server needs one of each, and a further one only where a listener calls back into it. */
export class Pool<T> {
  readonly #create: () => T;
  readonly #free: T[] = [];

  constructor(create: () => T) {
    this.#create = create;
  }

  take(): T {
    return this.#free.pop() ?? this.#create();
  }

  give(thing: T): void {
    this.#free.push(thing);
  }
}
