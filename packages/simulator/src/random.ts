/**
 * Random numbers that follow from a seed and a name. Each name has a stream of its own, so another point, fault or
 * reaction does not change the numbers of the others.
 */
export class Random {
  readonly #key: number;
  #index = 0;

  constructor(seed: number, name: string) {
    this.#key = mix(seed ^ hash(name));
  }

  /** The next number of the stream, 0 <= x < 1. */
  next(): number {
    return this.at(this.#index++);
  }

  /** A number of the stream by its place, 0 <= x < 1. @param index an integer from 0 on. */
  at(index: number): number {
    return mix((this.#key + Math.imul(index, GOLDEN)) ^ mix(index / TWO_32)) / TWO_32;
  }

  /** A number of a normal distribution, by its place: mean 0, deviation 1 (Box and Muller). */
  normalAt(index: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.at(2 * index)));
    return radius * Math.cos(2 * Math.PI * this.at(2 * index + 1));
  }
}

const TWO_32 = 2 ** 32;

/** The golden ratio, by which neighbouring places get distant keys. */
const GOLDEN = 0x9e3779b9;

/** FNV-1a. */
function hash(name: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  return state;
}

/** Spreads each bit of a 32-bit number over all of them (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let state = value | 0;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
