import { contentOf, DER, type DerElement, elementsOf, formatObjectId, readElement } from './der.js';

/**
 * A distinguished name for comparison: the same name may have several encodings, and differ in case and spaces (RFC
 * 5280, clause 7.1).
 */
export function nameKey(bytes: Uint8Array, name: DerElement): string {
  const sets = partsOf(bytes, name).map((parts) => parts.map(({ id, text }) => `${id}=${text.toLowerCase()}`));
  return JSON.stringify(sets.map((parts) => parts.sort()));
}

/** The same for people: `O=Acme, CN=Root`. */
export function nameText(bytes: Uint8Array, name: DerElement): string {
  const parts = partsOf(bytes, name).flat();
  return parts.map(({ id, text }) => `${SHORT_NAMES[id] ?? id}=${text}`).join(', ');
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
};

function partsOf(bytes: Uint8Array, name: DerElement): { id: string; text: string }[][] {
  return elementsOf(bytes, name).map((set) => elementsOf(bytes, set).map((part) => readPart(bytes, part)));
}

function readPart(bytes: Uint8Array, part: DerElement): { id: string; text: string } {
  const [id, value] = elementsOf(bytes, part);
  if (id === undefined || value === undefined) return { id: '', text: '' };
  const text = textOf(value.tag, contentOf(bytes, value)).trim().replaceAll(/\s+/g, ' ');
  return { id: formatObjectId(bytes, id), text };
}

function textOf(tag: number, content: Uint8Array): string {
  if (tag === DER.bmpString && content.length % 2 === 0) return Buffer.from(content).swap16().toString('utf16le');
  return Buffer.from(content).toString(tag === DER.utf8String ? 'utf8' : 'latin1');
}

/** The subject and the issuer of a certificate. @param certificate in DER. */
export function namesOf(certificate: Uint8Array): { issuer: string; subject: string } {
  const [tbsCertificate] = elementsOf(certificate, readElement(certificate, 0, certificate.length));
  const names = elementsOf(certificate, tbsCertificate).filter(({ tag }) => tag === DER.sequence);
  // The signature's algorithm comes first, and the validity is between the names.
  const [, issuer, , subject] = names.map((name) => nameKey(certificate, name));
  return { issuer: issuer ?? '', subject: subject ?? '' };
}
