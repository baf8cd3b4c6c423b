/** Times of so many of the last bytes are kept: more than a reader waits for. */
const KEPT_BYTES = 4096;

interface Chunk {
  /** Bytes that had come with it and before. */
  readonly end: number;
  readonly time: number;
}

/**
 * Tells when a byte was on the line. The system hands bytes over in chunks, some time after the last of them: within a chunk, times
 * follow from the time of a character.
 */
export class ChunkClock {
  readonly #characterTime: number;
  readonly #chunks: Chunk[] = [];
  #total = 0;
  /** The first byte whose time is known. */
  #first = 0;

  /** @param characterTime milliseconds; 0 where it isn't known. */
  constructor(characterTime: number) {
    this.#characterTime = characterTime;
  }

  /** Bytes that have come so far. */
  get total(): number {
    return this.#total;
  }

  /** A chunk was handed over, at a time in milliseconds. */
  add(length: number, time: number): void {
    this.#total += length;
    this.#chunks.push({ end: this.#total, time });
    while (this.#chunks[0].end < this.#total - KEPT_BYTES) this.#first = this.#chunks.shift()?.end ?? 0;
  }

  /** When the byte with this number, counted from 0, had come. */
  endOf(byte: number): number {
    const index = this.#chunks.findIndex(({ end }) => end > byte);
    const { end, time } = this.#chunks[index];
    const own = time - (end - byte - 1) * this.#characterTime;
    // The one before was handed over before this one came.
    return index === 0 ? own : Math.max(own, this.#chunks[index - 1].time);
  }

  /** When it began. */
  startOf(byte: number): number {
    const own = this.endOf(byte) - this.#characterTime;
    return byte === this.#first ? own : Math.max(own, this.endOf(byte - 1));
  }
}
