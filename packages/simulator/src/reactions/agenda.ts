/** What is to be done later, at most one thing for each owner. */
export class Agenda {
  readonly #entries = new Map<object, { readonly time: number; readonly task: () => void }>();
  /** The time of the first entry. */
  #next = Number.POSITIVE_INFINITY;

  /** @param time in virtual milliseconds. An owner's earlier task is replaced. */
  set(owner: object, time: number, task: () => void): void {
    this.#entries.delete(owner);
    this.#entries.set(owner, { time, task });
    this.#next = Math.min(this.#next, time);
  }

  delete(owner: object): void {
    this.#entries.delete(owner);
  }

  clear(): void {
    this.#entries.clear();
    this.#next = Number.POSITIVE_INFINITY;
  }

  /** Does what is due, in the order of the times. What that adds waits until the next call. */
  run(time: number): void {
    if (time < this.#next) return;
    const due = [...this.#entries].filter(([, entry]) => entry.time <= time).sort(([, a], [, b]) => a.time - b.time);
    this.#next = Math.min(
      ...[...this.#entries.values()].map((entry) => (entry.time <= time ? Number.POSITIVE_INFINITY : entry.time)),
    );
    for (const [owner, entry] of due) {
      // An earlier one may have cancelled it.
      if (this.#entries.get(owner) !== entry) continue;
      this.#entries.delete(owner);
      entry.task();
    }
  }
}
