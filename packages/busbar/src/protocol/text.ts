/** Values and bytes of one list that a line shows. */
const MAX_SHOWN = 16;

/** At least two hexadecimal digits. */
export function hexDigits(value: number): string {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(value > 0xff ? 4 : 2, '0');
}

export function hexWord(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `3`, `3..7`, `3 (quantity 0)`. */
export function span(first: number, quantity = 1): string {
  if (quantity === 0) return `${first} (quantity 0)`;
  return quantity === 1 ? String(first) : `${first}..${first + quantity - 1}`;
}

/** Values, separated by commas; a long list is cut. */
export function list(values: readonly number[]): string {
  return values.length === 0 ? 'nothing' : cut(values, ', ', 'values');
}

export function hexBytes(bytes: ArrayLike<number>): string {
  return bytes.length === 0 ? 'empty' : cut(Array.from(bytes, hexDigits), ' ', 'bytes');
}

/** `: 01 02`, or an empty text without bytes. */
export function rawBytes(bytes: Uint8Array | undefined): string {
  return bytes === undefined || bytes.length === 0 ? '' : `: ${hexBytes(bytes)}`;
}

/** @param what the plural noun of the items, for the note at the end of a list that is cut. */
export function cut(items: readonly (string | number)[], separator: string, what: string): string {
  if (items.length <= MAX_SHOWN) return items.join(separator);
  return `${items.slice(0, MAX_SHOWN).join(separator)} … (${items.length} ${what})`;
}

/** Text of a device that nobody has to trust: what could move a terminal's cursor or break the line is escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** Printable ASCII as it is, other bytes as `\xFF`. */
export function escapedBytes(bytes: Uint8Array): string {
  return `"${Array.from(bytes, escaped).join('')}"`;
}

function escaped(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[ -~]/.test(character) && !/["\\]/.test(character) ? character : `\\x${hexDigits(byte)}`;
}
