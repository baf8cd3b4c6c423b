/**
 * Waiting items, by owner. Each owner has one turn per round, for its oldest item, however many it has. So an owner
 * with many items does not delay the others.
 */
export class Turns<Item> {
  /** In order of their turns; no queue is empty. */
  readonly #queues = new Map<unknown, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The owner whose turn it is, and its oldest item. */
  get next(): readonly [owner: unknown, item: Item] | undefined {
    const first = this.#queues.entries().next();
    return first.done === true ? undefined : [first.value[0], first.value[1][0]];
  }

  /** The owner's oldest item. */
  first(owner: unknown): Item | undefined {
    return this.#queues.get(owner)?.[0];
  }

  add(owner: unknown, item: Item): void {
    const queue = this.#queues.get(owner);
    if (queue === undefined) this.#queues.set(owner, [item]);
    else queue.push(item);
    this.#size++;
  }

  /** The owner has had its turn: its next one comes after all others. */
  pass(owner: unknown): void {
    const queue = this.#queues.get(owner);
    if (queue === undefined) return;
    this.#queues.delete(owner);
    this.#queues.set(owner, queue);
  }

  remove(owner: unknown, item: Item): void {
    const queue = this.#queues.get(owner) ?? [];
    const at = queue.indexOf(item);
    if (at < 0) return;
    queue.splice(at, 1);
    this.#size--;
    if (queue.length === 0) this.#queues.delete(owner);
  }

  removeAll(owner: unknown): readonly Item[] {
    const queue = this.#queues.get(owner) ?? [];
    this.#queues.delete(owner);
    this.#size -= queue.length;
    return queue;
  }

  /** Removes the newest item of the owner with the most items, if it has more than `owner` would have with one more. */
  removeExcess(owner: unknown): Item | undefined {
    let [longest, most] = [owner, (this.#queues.get(owner)?.length ?? 0) + 1];
    for (const [each, { length }] of this.#queues) if (length > most) [longest, most] = [each, length];
    const excess = longest === owner ? undefined : this.#queues.get(longest)?.at(-1);
    if (excess !== undefined) this.remove(longest, excess);
    return excess;
  }
}
