import {
  allElementsOf,
  contentOf,
  DER,
  type DerElement,
  elementsOf,
  findTag,
  formatObjectId,
  readElement,
} from './der.js';

/** An extension of a certificate (RFC 5280, clause 4.2). */
export interface Extension {
  /** Such as `2.5.29.19`. */
  readonly id: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** @param certificate in DER. @returns undefined if it isn't valid DER. */
export function extensionsOf(certificate: Uint8Array): Extension[] | undefined {
  const whole = allElementsOf(certificate, readElement(certificate, 0, certificate.length));
  const parts = whole && allElementsOf(certificate, whole[0]);
  if (parts === undefined) return undefined;
  const holder = findTag(parts, DER.context3);
  if (holder === undefined) return [];
  const [list] = elementsOf(certificate, holder);
  const extensions = allElementsOf(certificate, list)?.map((element) => readExtension(certificate, element));
  return extensions?.every((extension) => extension !== undefined) ? extensions : undefined;
}

function readExtension(bytes: Uint8Array, element: DerElement): Extension | undefined {
  const parts = allElementsOf(bytes, element);
  const [id] = parts ?? [];
  const value = parts?.at(-1);
  if (id?.tag !== DER.objectId || value?.tag !== DER.octetString) return undefined;
  return { id: formatObjectId(bytes, id), critical: isTrue(bytes, parts?.[1]), value: contentOf(bytes, value) };
}

function isTrue(bytes: Uint8Array, element: DerElement | undefined): boolean {
  return element?.tag === DER.boolean && bytes[element.start] !== 0;
}

/** The extensions that OpenSSL accepts even if they are critical (`X509_supported_extension`). */
const KNOWN: ReadonlySet<string> = new Set([
  '2.16.840.1.113730.1.1',
  '2.5.29.14',
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.19',
  '2.5.29.30',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.35',
  '2.5.29.36',
  '2.5.29.37',
  '2.5.29.54',
  '1.3.6.1.5.5.7.1.7',
  '1.3.6.1.5.5.7.1.8',
  '1.3.6.1.5.5.7.1.14',
]);

/** The first critical extension that OpenSSL doesn't know, which makes it refuse the certificate. */
export function unknownCritical(certificate: Uint8Array): string | undefined {
  return extensionsOf(certificate)?.find(({ critical, id }) => critical && !KNOWN.has(id))?.id;
}
