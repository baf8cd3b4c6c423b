/**
 * Divides by x modulo the CRC's polynomial x^16 + x^15 + x^2 + 1. Without a branch, which random bytes would
 * mispredict.
 */
function shift(weight: number): number {
  return (weight >>> 1) ^ (0xc002 & -(weight & 1));
}

function shifted(weight: number, bits: number): number {
  let result = weight;
  for (let bit = 0; bit < bits; bit++) result = shift(result);
  return result;
}

/** What the low byte of a weight becomes when the weight is shifted by a byte. */
const SHIFTED = Uint16Array.from({ length: 256 }, (_, low) => shifted(low, 8));

/** Divides by x^8. */
function shiftByte(weight: number): number {
  return (weight >>> 8) ^ SHIFTED[weight & 0xff];
}

/** The sum of 16 set bits, the first of which has this weight. */
function sumOf16(weight: number): number {
  let sum = 0;
  for (let bit = 0, shiftedWeight = weight; bit < 16; bit++) {
    sum ^= shiftedWeight;
    shiftedWeight = shift(shiftedWeight);
  }
  return sum;
}

const INVERTED_LOW = Uint16Array.from({ length: 256 }, (_, low) => sumOf16(low));
const INVERTED_HIGH = Uint16Array.from({ length: 256 }, (_, high) => sumOf16(high << 8));

/**
 * The last bytes of an RTU line, prepared so that the CRC of any stretch of them is checked in constant time: on a
 * shared line a frame may have to be searched for at every position, with every length.
 *
 * A stretch is intact if the bits of its bytes, as coefficients of a polynomial, with the first 16 of them inverted
 * (the CRC's start value), leave no remainder. `sums` holds the running sum of bits, each times x to the minus its
 * position in the stream. So a stretch is the difference of two sums. It is intact if that difference equals what the
 * inversion adds.
 */
export class RtuWindow {
  readonly bytes: Uint8Array;
  end = 0;
  /** By position: the sum of all bits ahead of it. */
  readonly #sums: Uint16Array;
  /** By position: x to the minus its position in the stream, in bits. */
  readonly #weights: Uint16Array;
  /** The last search that found nothing, so that it can continue when more bytes have come. */
  #searchedFrom = 0;
  #searchedTo = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.#sums = new Uint16Array(capacity + 1);
    this.#weights = new Uint16Array(capacity + 1);
    this.#weights[0] = 1;
  }

  get free(): number {
    return this.bytes.length - this.end;
  }

  append(source: Uint8Array, from: number, length: number): void {
    for (let i = from; i < from + length; i++) this.#add(source[i]);
  }

  #add(byte: number): void {
    let sum = this.#sums[this.end];
    const first = this.#weights[this.end];
    for (let bits = byte, weight = first; bits > 0; bits >>>= 1) {
      sum ^= weight & -(bits & 1);
      weight = shift(weight);
    }
    this.bytes[this.end++] = byte;
    this.#sums[this.end] = sum;
    this.#weights[this.end] = shiftByte(first);
  }

  /** Removes the last bytes. */
  truncate(end: number): void {
    this.#searchedFrom = 0;
    this.end = end;
  }

  /** Removes all bytes ahead of `start`. */
  discard(start: number): void {
    this.bytes.copyWithin(0, start, this.end);
    this.#sums.copyWithin(0, start, this.end + 1);
    this.#weights.copyWithin(0, start, this.end + 1);
    this.end -= start;
    this.#searchedFrom = 0;
  }

  /** Whether the stretch ends with its own CRC. */
  isIntact(start: number, end: number): boolean {
    return this.#sums[end] === this.#intactSum(start);
  }

  /** The sum that the end of an intact stretch from `start` must have. The value of a weight is linear in it. */
  #intactSum(start: number): number {
    const weight = this.#weights[start];
    return this.#sums[start] ^ INVERTED_HIGH[weight >>> 8] ^ INVERTED_LOW[weight & 0xff];
  }

  /** First position in `from..to` where a stretch from `start` would end with its own CRC; 0 if there is none. */
  nextEnd(start: number, from: number, to: number): number {
    const sum = this.#intactSum(start);
    const last = Math.min(to, this.end);
    for (let end = from; end <= last; end++) if (this.#sums[end] === sum) return end;
    return 0;
  }

  /** The same for a search from `from` that continues where it stopped when more bytes have come. */
  findEnd(start: number, from: number, to: number): number {
    const end = this.nextEnd(start, from === this.#searchedFrom ? this.#searchedTo : from, to);
    if (end > 0) return end;
    this.#searchedFrom = from;
    this.#searchedTo = Math.min(to, this.end) + 1;
    return 0;
  }
}
