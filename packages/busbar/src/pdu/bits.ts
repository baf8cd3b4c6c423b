/** Bytes that hold `quantity` bits. */
export function bitBytes(quantity: number): number {
  return (quantity + 7) >> 3;
}

/** Packs bits (one byte each, 0 or 1) LSB first; unused high bits of the last byte are 0 (AP, clause 6.1). */
export function packBits(bits: Uint8Array, from: number, quantity: number, target: Uint8Array, at: number): void {
  const whole = quantity >> 3;
  for (let i = 0; i < whole; i++) {
    const b = from + i * 8;
    target[at + i] =
      bits[b] |
      (bits[b + 1] << 1) |
      (bits[b + 2] << 2) |
      (bits[b + 3] << 3) |
      (bits[b + 4] << 4) |
      (bits[b + 5] << 5) |
      (bits[b + 6] << 6) |
      (bits[b + 7] << 7);
  }
  const rest = quantity & 7;
  if (rest === 0) return;
  let last = 0;
  for (let i = 0; i < rest; i++) last |= bits[from + whole * 8 + i] << i;
  target[at + whole] = last;
}

/** Unpacks `quantity` bits, LSB first, to one byte each. */
export function unpackBits(source: Uint8Array, at: number, quantity: number, bits: Uint8Array, to: number): void {
  for (let i = 0; i < quantity; i++) bits[to + i] = (source[at + (i >> 3)] >> (i & 7)) & 1;
}
