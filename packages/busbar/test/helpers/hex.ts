/**
 * Bytes of a labelled vector: `fc:03 start:006B quantity:0003`. A label is prose for the reader; a value is hex
 * digits (`_` may group them), repeated by `*count`.
 */
export function hex(vector: string): Uint8Array {
  const digits = vector
    .split(/\s+/)
    .filter((field) => field !== '')
    .map(fieldDigits)
    .join('');
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

function fieldDigits(field: string): string {
  const match = /^(?:[A-Za-z][A-Za-z0-9]*:)?([0-9A-Fa-f_]*)(?:\*([0-9]+))?$/.exec(field);
  const digits = match?.[1]?.replaceAll('_', '');
  if (match === null || digits === undefined || digits.length % 2 !== 0) {
    throw new Error(`not a labelled hex field: ${field}`);
  }
  return digits.repeat(match[2] === undefined ? 1 : Number(match[2]));
}

/** Upper-case hex of bytes, for messages and comparisons that show a readable difference. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}

/** Registers `first`, `first + 1`, … as hex, for replies too long to write out. */
export function sequence(first: number, count: number): string {
  return Array.from({ length: count }, (_, index) => word(first + index)).join('');
}

/** One 16-bit number as four hex digits. */
export function word(value: number): string {
  return (value & 0xffff).toString(16).padStart(4, '0').toUpperCase();
}

/** `true` and `false` for the low `count` bits of bytes, LSB first. */
export function bits(vector: string, count: number): boolean[] {
  const bytes = hex(vector);
  return Array.from({ length: count }, (_, index) => (((bytes[index >> 3] ?? 0) >> (index & 7)) & 1) === 1);
}

/** ASCII text as hex. */
export function text(value: string): string {
  return Buffer.from(value, 'latin1').toString('hex').toUpperCase();
}

/** One byte as two hex digits. */
export function byte(value: number): string {
  return word(value).slice(2);
}
