/** For how many of the last bytes times are kept: more than a reader waits for. */
const KEPT_BYTES = 4096;

interface Chunk {
  /** The number of bytes received up to the end of this chunk. */
  readonly end: number;
  readonly time: number;
}

/**
 * Computes when a byte was on the line. The system delivers bytes in chunks, some time after their last byte. Within a
 * chunk, times follow from the duration of a character.
 */
export class ChunkClock {
  readonly #characterTime: number;
  readonly #chunks: Chunk[] = [];
  #total = 0;
  /** The first byte whose time is known. */
  #first = 0;

  /** @param characterTime milliseconds; 0 if unknown. */
  constructor(characterTime: number) {
    this.#characterTime = characterTime;
  }

  /** The number of bytes received so far. */
  get total(): number {
    return this.#total;
  }

  /** A chunk was delivered, at a time in milliseconds. */
  add(length: number, time: number): void {
    this.#total += length;
    this.#chunks.push({ end: this.#total, time });
    while (this.#chunks[0].end < this.#total - KEPT_BYTES) this.#first = this.#chunks.shift()?.end ?? 0;
  }

  /** When the byte with this number, counted from 0, was complete. */
  endOf(byte: number): number {
    const index = this.#chunks.findIndex(({ end }) => end > byte);
    const { end, time } = this.#chunks[index];
    const own = time - (end - byte - 1) * this.#characterTime;
    // The previous chunk was delivered before this one came.
    return index === 0 ? own : Math.max(own, this.#chunks[index - 1].time);
  }

  /** When it began. */
  startOf(byte: number): number {
    const own = this.endOf(byte) - this.#characterTime;
    return byte === this.#first ? own : Math.max(own, this.endOf(byte - 1));
  }
}
