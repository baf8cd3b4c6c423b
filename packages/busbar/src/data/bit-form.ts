import { packBits, unpackBits } from '../protocol/bits.js';

/** How the bits of a table lie in memory. An index counts bits. */
export interface BitForm {
  get(memory: Uint8Array, index: number): boolean;
  set(memory: Uint8Array, index: number, value: boolean): void;
  /** To and from the wire form, as {@link packBits} and {@link unpackBits}. */
  pack(memory: Uint8Array, index: number, quantity: number, target: Uint8Array, at: number): void;
  unpack(source: Uint8Array, at: number, quantity: number, memory: Uint8Array, index: number): void;
  /** The bytes that have the bits, and maybe others. */
  view(memory: Uint8Array, index: number, quantity: number): Uint8Array;
}

/** One byte per bit, 0 or 1, because programs mostly access single bits. */
export const separateBits: BitForm = {
  get: (memory, index) => memory[index] === 1,
  set: (memory, index, value) => {
    memory[index] = value ? 1 : 0;
  },
  pack: packBits,
  unpack: unpackBits,
  view: (memory, index, quantity) => memory.subarray(index, index + quantity),
};

/** Bits of registers in wire form: bit 0 is the least significant of the first register, bit 16 that of the next. */
export const registerBits: BitForm = {
  get: (memory, index) => bitOf(memory, index) === 1,
  set: putBit,
  pack(memory, index, quantity, target, at) {
    target.fill(0, at, at + ((quantity + 7) >> 3));
    for (let i = 0; i < quantity; i++) target[at + (i >> 3)] |= bitOf(memory, index + i) << (i & 7);
  },
  unpack(source, at, quantity, memory, index) {
    for (let i = 0; i < quantity; i++) putBit(memory, index + i, ((source[at + (i >> 3)] >> (i & 7)) & 1) === 1);
  },
  view: (memory, index, quantity) => memory.subarray(2 * (index >> 4), 2 * ((index + quantity + 15) >> 4)),
};

/** The low byte of a register, with its bits 0 to 7, comes second. */
function bitOf(memory: Uint8Array, index: number): number {
  return (memory[(index >> 3) ^ 1] >> (index & 7)) & 1;
}

function putBit(memory: Uint8Array, index: number, value: boolean): void {
  const mask = 1 << (index & 7);
  if (value) memory[(index >> 3) ^ 1] |= mask;
  else memory[(index >> 3) ^ 1] &= ~mask;
}
