import type { Store } from 'busbar/storage';
import { createGate, type Gate } from '../helpers/events.js';

/** A store in memory that a test can stop, and have fail. */
export class MemoryStore implements Store {
  /** What is in the store. */
  readonly content = new Map<string, Uint8Array>();
  /** The keys of each put that has begun. */
  readonly puts: string[][] = [];
  closed = false;
  /** What puts throw, while there is something. */
  failure: Error | undefined;
  #gate: Gate | undefined;
  #begun: { count: number; gate: Gate }[] = [];

  /** From now on, puts wait. */
  stop(): void {
    this.#gate ??= createGate();
  }

  /** Those that wait go on, and later ones wait. */
  step(): void {
    this.go();
    this.stop();
  }

  /** Those that wait go on, and later ones do not wait. */
  go(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  /** Resolves when so many puts have begun. */
  async begun(count: number): Promise<void> {
    const gate = createGate();
    if (this.puts.length >= count) return;
    this.#begun.push({ count, gate });
    await gate.opened;
  }

  async *entries(prefix = ''): AsyncIterable<readonly [string, Uint8Array]> {
    const keys = [...this.content.keys()].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) yield [key, Uint8Array.from(this.content.get(key) ?? [])];
  }

  async put(entries: ReadonlyMap<string, Uint8Array | undefined>): Promise<void> {
    const copies = [...entries].map(([key, value]) => [key, value && Uint8Array.from(value)] as const);
    this.puts.push([...entries.keys()]);
    for (const { count, gate } of this.#begun) if (this.puts.length >= count) gate.open();
    await this.#gate?.opened;
    if (this.failure !== undefined) throw this.failure;
    for (const [key, value] of copies) {
      if (value === undefined) this.content.delete(key);
      else this.content.set(key, value);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
