import type { Range } from '../protocol/address-range.js';
import { packBits, toBooleans, unpackBits } from '../protocol/bits.js';
import type { BitTableName } from '../protocol/tables.js';
import { type FilledRange, hasRange, Layout, requireRange } from './blocks.js';
import { type Changes, type Spot, UNHEARD } from './changes.js';
import type { ServedRequest } from './request.js';
import { shareable } from './shared-memory.js';
import { requireBoolean, requireValues } from './typed-values.js';

/**
 * Bits in memory at the addresses of the table's blocks. Addresses count from 0. Every method throws a
 * {@link DataError} `ADDRESS_OUTSIDE_TABLE` if not all of its bits exist, and `INVALID_VALUE` for a value that is not a
 * boolean; then nothing has changed.
 */
export class BitTable {
  readonly inMemory = true;
  readonly #name: string;
  readonly #layout: Layout;
  /** One byte per bit, 0 or 1, because programs mostly access single bits. */
  #bits: Uint8Array;
  #changes = UNHEARD;
  /** @internal */
  readonly spot: Spot<boolean>;

  /** @internal */
  constructor(name: BitTableName, blocks: readonly FilledRange<number>[]) {
    this.#name = name;
    this.spot = {
      name,
      place: (address, quantity) => ({ part: name, address, quantity }),
      change: (address, values, previous) => ({ part: name, address, values, previous }),
    };
    this.#layout = new Layout(blocks);
    this.#bits = new Uint8Array(this.#layout.size);
    let at = 0;
    for (const { values } of blocks) for (const value of values) this.#bits[at++] = value;
  }

  /** The addresses that exist, in order; neighbouring blocks are joined. */
  get ranges(): Range[] {
    return this.#layout.ranges;
  }

  /** Whether all of `count` bits from `address` on exist. */
  has(address: number, count = 1): boolean {
    return hasRange(this.#layout, address, count);
  }

  /** Needs no guard: a single bit is never half written. */
  get(address: number): boolean {
    return this.#bits[this.#index(address, 1)] === 1;
  }

  /** `count` bits from `address` on. */
  getRange(address: number, count: number): boolean[] {
    const index = this.#index(address, count);
    return toBooleans(this.#changes.run(() => this.#bits.slice(index, index + count)));
  }

  /** Sets one bit, or several in a row at once. */
  set(address: number, values: boolean | ArrayLike<boolean>): void {
    const list = requireValues(values, 'boolean', this.#name);
    const index = this.#index(address, list.length);
    for (let i = 0; i < list.length; i++) requireBoolean(list[i], this.#name);
    if (this.#changes.idle) this.#put(index, list);
    else this.#changes.write(this, address, list.length, this.#put.bind(this, index, list));
  }

  #put(index: number, list: ArrayLike<boolean>): void {
    for (let i = 0; i < list.length; i++) this.#bits[index + i] = list[i] ? 1 : 0;
  }

  /** From now on, `changes` makes all its changes. @internal */
  belongTo(changes: Changes): void {
    this.#changes = changes;
  }

  /** Moves the storage to shared memory, or uses another thread's. @internal */
  share(bits: Uint8Array = shareable(this.#bits)): Uint8Array {
    this.#bits = bits;
    return bits;
  }

  /** @internal */
  locate(address: number, quantity: number): number {
    return this.#layout.locate(address, quantity);
  }

  /** @internal */
  read(index: number, quantity: number, target: Uint8Array, at: number): void {
    packBits(this.#bits, index, quantity, target, at);
  }

  /** @internal */
  write(address: number, quantity: number, source: Uint8Array, at: number, request: ServedRequest): void {
    const index = this.#layout.locate(address, quantity);
    if (this.#changes.idle) unpackBits(source, at, quantity, this.#bits, index);
    else {
      const store = unpackBits.bind(undefined, source, at, quantity, this.#bits, index);
      this.#changes.write(this, address, quantity, store, request);
    }
  }

  #index(address: number, count: number): number {
    return requireRange(this.#layout, address, count, this.#name);
  }
}
