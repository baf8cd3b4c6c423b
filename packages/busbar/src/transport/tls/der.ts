/** One element of DER (X.690): its tag and the position of its content. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

export const DER = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  /** Context-specific, constructed: the extensions of a certificate. */
  context3: 0xa3,
} as const;

const LONG_LENGTH = 0x80;
/** No list needs longer lengths. */
const MAX_LENGTH_BYTES = 4;

/** The smallest length that needs this many bytes. */
function shortestOf(lengthBytes: number): number {
  return lengthBytes === 1 ? LONG_LENGTH : 256 ** (lengthBytes - 1);
}

/** @returns the element at `at` if all of it is before `end`, else undefined. */
export function readElement(bytes: Uint8Array, at: number, end: number): DerElement | undefined {
  if (at + 2 > end) return undefined;
  const first = bytes[at + 1];
  const lengthBytes = first < LONG_LENGTH ? 0 : first - LONG_LENGTH;
  // Zero means an indefinite length, which DER forbids.
  if (first === LONG_LENGTH || lengthBytes > MAX_LENGTH_BYTES || at + 2 + lengthBytes > end) return undefined;
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + bytes[at + 2 + i];
  // DER also forbids longer encodings than necessary.
  if (lengthBytes > 0 && length < shortestOf(lengthBytes)) return undefined;
  const start = at + 2 + lengthBytes;
  return start + length > end ? undefined : { tag: bytes[at], start, end: start + length };
}

/**
 * The elements inside another one, up to the first bytes that are not an element. Accepts undefined, so that callers
 * need no checks.
 */
export function elementsOf(bytes: Uint8Array, parent: DerElement | undefined): DerElement[] {
  const elements: DerElement[] = [];
  let at = parent?.start ?? 0;
  while (parent !== undefined) {
    const element = readElement(bytes, at, parent.end);
    if (element === undefined) break;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** The same, but @returns undefined if anything else is inside. */
export function allElementsOf(bytes: Uint8Array, parent: DerElement | undefined): DerElement[] | undefined {
  const elements = elementsOf(bytes, parent);
  return parent !== undefined && (elements.at(-1)?.end ?? parent.start) === parent.end ? elements : undefined;
}

export function contentOf(bytes: Uint8Array, { start, end }: DerElement): Uint8Array {
  return bytes.subarray(start, end);
}

/** An object identifier as text: `2.5.29.19`. */
export function formatObjectId(bytes: Uint8Array, element: DerElement): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of contentOf(bytes, element)) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [both = 0, ...rest] = numbers;
  const first = Math.min(2, Math.floor(both / 40));
  return [first, both - first * 40, ...rest].join('.');
}

export function findTag(elements: readonly DerElement[], tag: number): DerElement | undefined {
  return elements.find((element) => element.tag === tag);
}
