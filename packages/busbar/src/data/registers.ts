import { DataError } from '../errors.js';
import type { Range } from '../protocol/address-range.js';
import { copyBytes, readRegisters, readUint16, writeUint16 } from '../protocol/bytes.js';
import { type FilledRange, hasRange, Layout, requireRange } from './blocks.js';
import { type Changes, UNHEARD } from './changes.js';
import type { ServedRequest } from './request.js';
import { shareable } from './shared-memory.js';
import type { Spot } from './spot.js';
import {
  arrange,
  type ByteOrder,
  requireBigint,
  requireBoolean,
  requireFloat32,
  requireFloat64,
  requireInteger,
  requireString,
  requireTextOrder,
  requireValues,
} from './typed-values.js';

/** Big-endian bytes of one value of up to 64 bits on its way in or out. */
const scratch = new DataView(new ArrayBuffer(8));

/**
 * Registers in memory: 16-bit words at the addresses of the table's blocks. Addresses count from 0. Every method throws
 * a {@link DataError} `ADDRESS_OUTSIDE_TABLE` if not all of its registers exist, and `INVALID_VALUE` if a value does
 * not fit; then nothing has changed.
 */
export class RegisterTable {
  readonly inMemory = true;
  readonly #name: string;
  readonly #layout: Layout;
  /** The registers in wire form: big-endian, so that a read is a plain copy. */
  #bytes: Uint8Array;
  #changes = UNHEARD;
  /** @internal */
  readonly spot: Spot<number>;

  /** @internal */
  constructor(spot: Spot<number>, blocks: readonly FilledRange<number>[]) {
    this.#name = spot.name;
    this.spot = spot;
    this.#layout = new Layout(blocks);
    this.#bytes = new Uint8Array(this.#layout.size * 2);
    let at = 0;
    for (const { values } of blocks) for (const value of values) writeUint16(this.#bytes, 2 * at++, value);
  }

  /** The addresses that exist, in order; neighbouring blocks are joined. */
  get ranges(): Range[] {
    return this.#layout.ranges;
  }

  /** Whether all of `count` registers from `address` on exist. */
  has(address: number, count = 1): boolean {
    return hasRange(this.#layout, address, count);
  }

  /** The register at `address`, 0..65535. */
  get(address: number): number {
    const offset = this.#offset(address, 1);
    return this.#changes.idle ? readUint16(this.#bytes, offset) : this.getUint16(address);
  }

  /** `count` registers from `address` on, each 0..65535. */
  getRange(address: number, count: number): number[] {
    return this.wordsAt(this.#offset(address, count), count);
  }

  /** Registers by their place in the bytes. @internal */
  wordsAt(offset: number, count: number): number[] {
    if (this.#changes.guard === undefined) return readRegisters(this.#bytes, offset, count);
    return this.#changes.run(() => readRegisters(this.#bytes, offset, count));
  }

  /** Sets one register, or several in a row at once; values are 0..65535. */
  set(address: number, values: number | ArrayLike<number>): void {
    const list = requireValues(values, 'number', this.#name);
    const offset = this.#offset(address, list.length);
    for (let i = 0; i < list.length; i++) requireInteger(list[i], 0, 0xffff, this.#name);
    this.setAt(address, offset, list);
  }

  /** Sets registers by their place in the bytes, to values that are 0..65535. @internal */
  setAt(address: number, offset: number, list: ArrayLike<number>): void {
    if (this.#changes.idle) this.#put(offset, list);
    else this.#changes.write(this, address, list.length, this.#put.bind(this, offset, list));
  }

  #put(offset: number, list: ArrayLike<number>): void {
    for (let i = 0; i < list.length; i++) writeUint16(this.#bytes, offset + 2 * i, list[i]);
  }

  /** Bit 0 (least significant) to 15 of the register at `address`. */
  getBit(address: number, bit: number): boolean {
    requireInteger(bit, 0, 15, 'bit');
    return ((this.get(address) >> bit) & 1) === 1;
  }

  setBit(address: number, bit: number, value: boolean): void {
    requireInteger(bit, 0, 15, 'bit');
    requireBoolean(value, `bit ${bit}`);
    const mask = 1 << bit;
    const offset = this.#offset(address, 1);
    if (this.#changes.idle) this.#putBit(offset, mask, value);
    else this.#changes.write(this, address, 1, this.#putBit.bind(this, offset, mask, value));
  }

  #putBit(offset: number, mask: number, value: boolean): void {
    const register = readUint16(this.#bytes, offset);
    writeUint16(this.#bytes, offset, value ? register | mask : register & ~mask);
  }

  getUint16(address: number, order: ByteOrder = 'ABCD'): number {
    return this.#load(address, 2, order).getUint16(0);
  }

  setUint16(address: number, value: number, order: ByteOrder = 'ABCD'): void {
    requireInteger(value, 0, 0xffff, 'uint16');
    scratch.setUint16(0, value);
    this.#store(address, 2, order);
  }

  getInt16(address: number, order: ByteOrder = 'ABCD'): number {
    return this.#load(address, 2, order).getInt16(0);
  }

  setInt16(address: number, value: number, order: ByteOrder = 'ABCD'): void {
    requireInteger(value, -0x8000, 0x7fff, 'int16');
    scratch.setInt16(0, value);
    this.#store(address, 2, order);
  }

  getUint32(address: number, order: ByteOrder = 'ABCD'): number {
    return this.#load(address, 4, order).getUint32(0);
  }

  setUint32(address: number, value: number, order: ByteOrder = 'ABCD'): void {
    requireInteger(value, 0, 0xffffffff, 'uint32');
    scratch.setUint32(0, value);
    this.#store(address, 4, order);
  }

  getInt32(address: number, order: ByteOrder = 'ABCD'): number {
    return this.#load(address, 4, order).getInt32(0);
  }

  setInt32(address: number, value: number, order: ByteOrder = 'ABCD'): void {
    requireInteger(value, -0x80000000, 0x7fffffff, 'int32');
    scratch.setInt32(0, value);
    this.#store(address, 4, order);
  }

  getBigUint64(address: number, order: ByteOrder = 'ABCD'): bigint {
    return this.#load(address, 8, order).getBigUint64(0);
  }

  setBigUint64(address: number, value: bigint, order: ByteOrder = 'ABCD'): void {
    requireBigint(value, 0n, 0xffffffffffffffffn, 'uint64');
    scratch.setBigUint64(0, value);
    this.#store(address, 8, order);
  }

  getBigInt64(address: number, order: ByteOrder = 'ABCD'): bigint {
    return this.#load(address, 8, order).getBigInt64(0);
  }

  setBigInt64(address: number, value: bigint, order: ByteOrder = 'ABCD'): void {
    requireBigint(value, -0x8000000000000000n, 0x7fffffffffffffffn, 'int64');
    scratch.setBigInt64(0, value);
    this.#store(address, 8, order);
  }

  /** IEEE 754 single precision, two registers. */
  getFloat32(address: number, order: ByteOrder = 'ABCD'): number {
    return this.#load(address, 4, order).getFloat32(0);
  }

  setFloat32(address: number, value: number, order: ByteOrder = 'ABCD'): void {
    requireFloat32(value);
    scratch.setFloat32(0, value);
    this.#store(address, 4, order);
  }

  /** IEEE 754 double precision, four registers. */
  getFloat64(address: number, order: ByteOrder = 'ABCD'): number {
    return this.#load(address, 8, order).getFloat64(0);
  }

  setFloat64(address: number, value: number, order: ByteOrder = 'ABCD'): void {
    requireFloat64(value);
    scratch.setFloat64(0, value);
    this.#store(address, 8, order);
  }

  /**
   * UTF-8 text of up to `2 * count` bytes in `count` registers; it ends at the first NUL. `BADC` swaps the characters
   * of each register.
   */
  getString(address: number, count: number, order: 'ABCD' | 'BADC' = 'ABCD'): string {
    requireTextOrder(order);
    const offset = this.#offset(address, count);
    const bytes = this.#changes.run(() => this.#bytes.slice(offset, offset + 2 * count));
    arrange(bytes, order);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** Writes text as UTF-8 into `count` registers, and fills the rest with NUL. */
  setString(address: number, text: string, count: number, order: 'ABCD' | 'BADC' = 'ABCD'): void {
    requireTextOrder(order);
    requireString(text, this.#name);
    const offset = this.#offset(address, count);
    const encoded = new TextEncoder().encode(text);
    if (encoded.length > 2 * count) {
      throw new DataError('INVALID_VALUE', `text of ${encoded.length} bytes does not fit ${count} registers`);
    }
    const bytes = new Uint8Array(2 * count);
    bytes.set(encoded);
    arrange(bytes, order);
    this.#copyIn(bytes, 0, address, offset, 2 * count);
  }

  /** The memory of an existing range. @internal */
  view(address: number, count: number): Uint8Array {
    const offset = 2 * this.#layout.locate(address, count);
    return this.#bytes.subarray(offset, offset + 2 * count);
  }

  /** The memory, in wire form. @internal */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Moves the storage to shared memory, or uses another thread's. @internal */
  share(bytes: Uint8Array = shareable(this.#bytes)): Uint8Array {
    this.#bytes = bytes;
    return bytes;
  }

  /** From now on, `changes` makes all its changes. @internal */
  belongTo(changes: Changes): void {
    this.#changes = changes;
  }

  /** @internal */
  locate(address: number, quantity: number): number {
    return this.#layout.locate(address, quantity);
  }

  /** @internal */
  read(index: number, quantity: number, target: Uint8Array, at: number): void {
    copyBytes(this.#bytes, 2 * index, 2 * quantity, target, at);
  }

  /** @internal */
  write(address: number, quantity: number, source: Uint8Array, at: number, request: ServedRequest): void {
    const offset = 2 * this.#layout.locate(address, quantity);
    this.#copyIn(source, at, address, offset, 2 * quantity, request);
  }

  #copyIn(
    source: Uint8Array,
    at: number,
    address: number,
    offset: number,
    byteLength: number,
    request?: ServedRequest,
  ): void {
    if (this.#changes.idle) copyBytes(source, at, byteLength, this.#bytes, offset);
    else {
      const store = copyBytes.bind(undefined, source, at, byteLength, this.#bytes, offset);
      this.#changes.write(this, address, byteLength / 2, store, request);
    }
  }

  #offset(address: number, count: number): number {
    return 2 * requireRange(this.#layout, address, count, this.#name);
  }

  #load(address: number, byteLength: number, order: ByteOrder): DataView {
    const offset = this.#offset(address, byteLength / 2);
    const bytes = new Uint8Array(scratch.buffer, 0, byteLength);
    if (this.#changes.idle) copyBytes(this.#bytes, offset, byteLength, bytes, 0);
    else this.#changes.run(copyBytes.bind(undefined, this.#bytes, offset, byteLength, bytes, 0));
    arrange(bytes, order);
    return scratch;
  }

  #store(address: number, byteLength: number, order: ByteOrder): void {
    const offset = this.#offset(address, byteLength / 2);
    const bytes = new Uint8Array(scratch.buffer, 0, byteLength);
    arrange(bytes, order);
    this.#copyIn(bytes, 0, address, offset, byteLength);
  }
}
