import { DER, type DerElement, elementsOf, findTag, readElement } from './der.js';

/** 1.3.6.1.4.1.50316.802.1 (SEC): the client's role. */
const ROLE_OID = Uint8Array.of(0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x89, 0x0c, 0x86, 0x22, 0x01);

/**
 * The role in a certificate (SEC): an ASN.1 UTF8String in an extension.
 * @param certificate in DER.
 * @returns null without that extension, and where it holds anything else.
 */
export function roleOf(certificate: Uint8Array): string | null {
  const bytes = certificate;
  const [tbsCertificate] = elementsOf(bytes, readElement(bytes, 0, bytes.length));
  const [extensions] = elementsOf(bytes, findTag(elementsOf(bytes, tbsCertificate), DER.context3));
  for (const extension of elementsOf(bytes, extensions)) {
    const parts = elementsOf(bytes, extension);
    if (isRoleOid(bytes, parts[0])) return readRole(bytes, findTag(parts, DER.octetString));
  }
  return null;
}

function isRoleOid(bytes: Uint8Array, element: DerElement | undefined): boolean {
  if (element?.tag !== DER.objectId || element.end - element.start !== ROLE_OID.length) return false;
  return ROLE_OID.every((byte, i) => bytes[element.start + i] === byte);
}

function readRole(bytes: Uint8Array, value: DerElement | undefined): string | null {
  const text = value && readElement(bytes, value.start, value.end);
  if (text?.tag !== DER.utf8String || text.end !== value?.end || text.start === text.end) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(text.start, text.end));
  } catch {
    return null;
  }
}
