import { packBits, unpackBits } from '../protocol/bits.js';

/** How the items of a table lie in a page: bits, one byte each in memory, or registers. */
export interface PageForm {
  /** How many addresses a page has, a multiple of 8. */
  readonly items: number;
  /** Bytes of an item in memory. */
  readonly itemBytes: 1 | 2;
}

export const REGISTERS: PageForm = { items: 128, itemBytes: 2 };
export const BITS: PageForm = { items: 1024, itemBytes: 1 };

/** Whether a mask, one bit per item, has this one. */
export function has(mask: Uint8Array, item: number): boolean {
  return ((mask[item >> 3] >> (item & 7)) & 1) === 1;
}

/** Adds items to a mask. */
export function add(mask: Uint8Array, item: number, count: number): void {
  for (let i = item; i < item + count; i++) mask[i >> 3] |= 1 << (i & 7);
}

/**
 * A page as it is stored: the mask of the items that are kept, and these, registers big-endian, bits packed.
 * @param image all items of the page, as in memory.
 */
export function encodePage({ items, itemBytes }: PageForm, mask: Uint8Array, image: Uint8Array): Uint8Array {
  const kept = new Uint8Array(image.length);
  let length = 0;
  for (let i = 0; i < items; i++) {
    if (!has(mask, i)) continue;
    for (let j = 0; j < itemBytes; j++) kept[length++] = image[i * itemBytes + j];
  }
  const encoded = new Uint8Array(mask.length + storedLength(itemBytes, length));
  encoded.set(mask);
  if (itemBytes === 1) packBits(kept, 0, length, encoded, mask.length);
  else encoded.set(kept.subarray(0, length), mask.length);
  return encoded;
}

/** @returns the mask, and the kept items one behind the other as in memory; undefined if it is no page. */
export function decodePage(
  { items, itemBytes }: PageForm,
  stored: Uint8Array,
): { readonly mask: Uint8Array; readonly kept: Uint8Array } | undefined {
  const mask = stored.subarray(0, items / 8);
  let count = 0;
  for (let i = 0; i < items; i++) if (has(mask, i)) count++;
  const length = count * itemBytes;
  if (stored.length !== items / 8 + storedLength(itemBytes, length)) return undefined;
  if (itemBytes === 2) return { mask, kept: stored.subarray(mask.length) };
  const kept = new Uint8Array(length);
  unpackBits(stored, mask.length, length, kept, 0);
  return { mask, kept };
}

/** @param length bytes in memory. */
function storedLength(itemBytes: 1 | 2, length: number): number {
  return itemBytes === 1 ? (length + 7) >> 3 : length;
}
