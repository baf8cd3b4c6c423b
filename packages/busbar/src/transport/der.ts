/** One element of DER (X.690): its tag, and where its content stands. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

export const DER = {
  integer: 0x02,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  /** Context-specific, constructed: the extensions of a certificate. */
  context3: 0xa3,
} as const;

const LONG_LENGTH = 0x80;
/** No certificate needs lengths of more bytes. */
const MAX_LENGTH_BYTES = 3;

/** @returns the element at `at`, which lies before `end` as a whole; undefined if there is none. */
export function readElement(bytes: Uint8Array, at: number, end: number): DerElement | undefined {
  if (at + 2 > end) return undefined;
  const first = bytes[at + 1];
  const lengthBytes = first < LONG_LENGTH ? 0 : first - LONG_LENGTH;
  // Zero would be an indefinite length, which DER does not have.
  if (first === LONG_LENGTH || lengthBytes > MAX_LENGTH_BYTES || at + 2 + lengthBytes > end) return undefined;
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + bytes[at + 2 + i];
  const start = at + 2 + lengthBytes;
  return start + length > end ? undefined : { tag: bytes[at], start, end: start + length };
}

/** The elements in another one, up to the first that is none; none of undefined, so that walks need no checks between. */
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

export function findTag(elements: readonly DerElement[], tag: number): DerElement | undefined {
  return elements.find((element) => element.tag === tag);
}
