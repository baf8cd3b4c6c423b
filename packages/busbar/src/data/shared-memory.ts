import { StateError } from '../errors.js';

/** Words of a unit that its threads share. */
export const UnitWord = { lock: 0, diagnosticRegister: 1, exceptionStatus: 2, listening: 3 } as const;
const UNIT_WORDS = 4;

const FREE = 0;
const HELD = 1;
/** Held, while another thread sleeps until it is free. */
const CONTENDED = 2;

/** An access takes less time than putting a thread to sleep and waking it. */
const SPINS = 500;
const PATIENCE_MS = 10_000;

/** Not shared yet: see {@link shareable}. */
export function createUnitWords(): Int32Array {
  return new Int32Array(UNIT_WORDS);
}

/**
 * Keeps out other threads that share a unit. Held only during an access, or the effect of a request; the thread that
 * holds it may acquire it again.
 */
export class Guard {
  readonly #words: Int32Array;
  #depth = 0;

  /** @param words of the unit, in shared memory. */
  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** @throws StateError `UNIT_LOCKED` if another thread holds it for 10 s. */
  acquire(): void {
    if (this.#depth === 0 && Atomics.compareExchange(this.#words, UnitWord.lock, FREE, HELD) !== FREE) this.#wait();
    this.#depth++;
  }

  release(): void {
    this.#depth--;
    if (this.#depth > 0) return;
    if (Atomics.exchange(this.#words, UnitWord.lock, FREE) === CONTENDED) Atomics.notify(this.#words, UnitWord.lock, 1);
  }

  /** Releases it at once, however often it was acquired: the thread is about to end. */
  abandon(): void {
    if (this.#depth === 0) return;
    this.#depth = 1;
    this.release();
  }

  run<T>(task: () => T): T {
    this.acquire();
    try {
      return task();
    } finally {
      this.release();
    }
  }

  #wait(): void {
    for (let i = 0; i < SPINS; i++) {
      if (Atomics.load(this.#words, UnitWord.lock) !== FREE) continue;
      if (Atomics.compareExchange(this.#words, UnitWord.lock, FREE, HELD) === FREE) return;
    }
    const deadline = performance.now() + PATIENCE_MS;
    while (Atomics.exchange(this.#words, UnitWord.lock, CONTENDED) !== FREE) {
      const left = deadline - performance.now();
      if (left <= 0) throw new StateError('UNIT_LOCKED', `another thread holds the unit for ${PATIENCE_MS / 1000} s`);
      Atomics.wait(this.#words, UnitWord.lock, CONTENDED, left);
    }
  }
}

/** A copy of the items in memory that threads can share. */
export function shareable<T extends Uint8Array | Uint16Array | Int32Array>(items: T): T;
export function shareable(items: Uint8Array | Uint16Array | Int32Array): Uint8Array | Uint16Array | Int32Array {
  if (items.buffer instanceof SharedArrayBuffer) return items;
  const buffer = new SharedArrayBuffer(items.byteLength);
  const bytes = new Uint8Array(buffer);
  bytes.set(new Uint8Array(items.buffer, items.byteOffset, items.byteLength));
  if (items instanceof Uint8Array) return bytes;
  return items instanceof Uint16Array ? new Uint16Array(buffer) : new Int32Array(buffer);
}
