export const NO_BYTES: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/** Big-endian unsigned 16-bit integer at `at`; the caller has made sure that both bytes are there. */
export function readUint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

export function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

/** A loop beats a call into the engine up to about this many bytes: the call needs an object, which is soon garbage. */
const SHORT = 64;

/** Eight bytes a round: most of a short copy's time is the loop itself. */
export function copyBytes(source: Uint8Array, from: number, length: number, target: Uint8Array, at: number): void {
  if (length > SHORT) {
    copyMany(source, from, length, target, at);
    return;
  }
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    const to = at + i;
    const next = from + i;
    target[to] = source[next];
    target[to + 1] = source[next + 1];
    target[to + 2] = source[next + 2];
    target[to + 3] = source[next + 3];
    target[to + 4] = source[next + 4];
    target[to + 5] = source[next + 5];
    target[to + 6] = source[next + 6];
    target[to + 7] = source[next + 7];
  }
  for (; i < length; i++) target[at + i] = source[from + i];
}

/**
 * Apart, so that the engine puts the loop above into its callers. Not by subarray(): that of a Buffer takes half as
 * long again.
 */
function copyMany(source: Uint8Array, from: number, length: number, target: Uint8Array, at: number): void {
  target.set(new Uint8Array(source.buffer, source.byteOffset + from, length), at);
}

/** `count` registers from their wire form. A plain loop: mapping an iterable takes ten times as long. */
export function readRegisters(bytes: Uint8Array, at: number, count: number): number[] {
  const values = new Array<number>(count);
  for (let i = 0; i < count; i++) values[i] = readUint16(bytes, at + 2 * i);
  return values;
}
