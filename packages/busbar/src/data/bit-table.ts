import type { Range } from '../protocol/address-range.js';
import type { BitForm } from './bit-form.js';
import { hasRange, type Layout, requireRange } from './blocks.js';
import { type Changes, UNHEARD } from './changes.js';
import type { ServedRequest } from './request.js';
import { shareable } from './shared-memory.js';
import type { Spot } from './spot.js';
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
  #memory: Uint8Array;
  readonly #form: BitForm;
  #changes = UNHEARD;
  /** @internal */
  readonly spot: Spot<boolean>;

  /** @internal */
  constructor(spot: Spot<boolean>, layout: Layout, memory: Uint8Array, form: BitForm) {
    this.#name = spot.name;
    this.spot = spot;
    this.#layout = layout;
    this.#memory = memory;
    this.#form = form;
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
    return this.#form.get(this.#memory, this.#index(address, 1));
  }

  /** `count` bits from `address` on. */
  getRange(address: number, count: number): boolean[] {
    const index = this.#index(address, count);
    return this.#changes.run(() => this.#values(index, count));
  }

  #values(index: number, count: number): boolean[] {
    const values = new Array<boolean>(count);
    for (let i = 0; i < count; i++) values[i] = this.#form.get(this.#memory, index + i);
    return values;
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
    for (let i = 0; i < list.length; i++) this.#form.set(this.#memory, index + i, list[i]);
  }

  /** The memory of an existing range: of its place. @internal */
  view(address: number, count: number): Uint8Array {
    return this.#form.view(this.#memory, this.#layout.locate(address, count), count);
  }

  /** From now on, `changes` makes all its changes. @internal */
  belongTo(changes: Changes): void {
    this.#changes = changes;
  }

  /** Moves the storage to shared memory, or uses another thread's. @internal */
  share(memory: Uint8Array = shareable(this.#memory)): Uint8Array {
    this.#memory = memory;
    return memory;
  }

  /** @internal */
  locate(address: number, quantity: number): number {
    return this.#layout.locate(address, quantity);
  }

  /** @internal */
  read(index: number, quantity: number, target: Uint8Array, at: number): void {
    this.#form.pack(this.#memory, index, quantity, target, at);
  }

  /** @internal */
  write(address: number, quantity: number, source: Uint8Array, at: number, request: ServedRequest): void {
    const index = this.#layout.locate(address, quantity);
    const { unpack } = this.#form;
    if (this.#changes.idle) unpack(source, at, quantity, this.#memory, index);
    else {
      const store = unpack.bind(undefined, source, at, quantity, this.#memory, index);
      this.#changes.write(this, address, quantity, store, request);
    }
  }

  #index(address: number, count: number): number {
    return requireRange(this.#layout, address, count, this.#name);
  }
}
