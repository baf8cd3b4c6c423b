import type { Store } from 'busbar/storage';

/** Upper bounds of the classes of durations, in seconds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** A store that counts what it does. */
export class MeasuredStore implements Store {
  readonly inner: Store;
  readonly bounds: readonly number[] = BOUNDS;
  /** Batches by their durations; the last class is above all bounds. */
  readonly flushes: number[] = Array(BOUNDS.length + 1).fill(0);
  /** Of all batches, in seconds. */
  seconds = 0;
  failures = 0;
  /** That were written. */
  bytes = 0;
  /** A batch is being written. */
  busy = false;

  constructor(inner: Store) {
    this.inner = inner;
  }

  entries(prefix?: string): AsyncIterable<readonly [key: string, value: Uint8Array]> {
    return this.inner.entries(prefix);
  }

  async put(entries: ReadonlyMap<string, Uint8Array | undefined>, options: { readonly sync: boolean }): Promise<void> {
    const start = performance.now();
    this.busy = true;
    try {
      await this.inner.put(entries, options);
    } catch (error) {
      this.failures++;
      throw error;
    } finally {
      this.busy = false;
    }
    for (const value of entries.values()) this.bytes += value?.length ?? 0;
    this.#count((performance.now() - start) / 1000);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  #count(seconds: number): void {
    this.seconds += seconds;
    const place = BOUNDS.findIndex((bound) => seconds <= bound);
    this.flushes[place < 0 ? BOUNDS.length : place]++;
  }
}
