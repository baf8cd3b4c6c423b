import type { X509Certificate } from 'node:crypto';
import type { RevocationList } from './crl.js';
import { namesOf } from './names.js';
import type { PemSource } from './pem.js';

/**
 * OpenSSL requires a list from every CA in a chain, and from the CA above the last trusted one. If no CA has all of
 * them, every client would be refused.
 * @throws OptionsError if no CA has all the lists it needs.
 */
export function checkUsable(
  source: PemSource,
  lists: readonly RevocationList[],
  authorities: readonly X509Certificate[],
): void {
  const issuers = new Set(lists.map(({ issuer }) => issuer));
  const missing = authorities.map((authority) => missingLists(authority, issuers));
  if (missing.some((names) => names.length === 0)) return;
  const wanted = [...new Set(missing.flat())].join(' and of ');
  throw source.fault(`every client would be refused: a revocation list of ${wanted} is missing`);
}

/** The CAs whose lists are missing for clients of this CA. */
function missingLists(authority: X509Certificate, issuers: ReadonlySet<string>): string[] {
  const { issuer, subject } = namesOf(authority.raw);
  const { issuer: issuerName, subject: subjectName } = authority;
  const needed: [key: string, name: string][] = [
    [subject, subjectName],
    [issuer, issuerName],
  ];
  return needed.filter(([key]) => !issuers.has(key)).map(([, name]) => name.replaceAll('\n', ', '));
}
