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
  const whole = quantity >> 3;
  for (let i = 0; i < whole; i++) {
    const byte = source[at + i];
    const b = to + i * 8;
    bits[b] = byte & 1;
    bits[b + 1] = (byte >> 1) & 1;
    bits[b + 2] = (byte >> 2) & 1;
    bits[b + 3] = (byte >> 3) & 1;
    bits[b + 4] = (byte >> 4) & 1;
    bits[b + 5] = (byte >> 5) & 1;
    bits[b + 6] = (byte >> 6) & 1;
    bits[b + 7] = byte >> 7;
  }
  for (let i = whole * 8; i < quantity; i++) bits[to + i] = (source[at + whole] >> (i & 7)) & 1;
}

/** Bits, one byte each, as booleans. */
export function toBooleans(bits: Uint8Array): boolean[] {
  const values = new Array<boolean>(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = bits[i] === 1;
  return values;
}
