import type { X509Certificate } from 'node:crypto';
import type { Certificates } from './certificates.js';
import { formatSerial, type RevocationList } from './crl.js';
import { namesOf } from './names.js';

/** No device has a longer chain. */
const MAX_DEPTH = 10;

/** When a certificate expires, in milliseconds since 1970. */
export function endOf({ validTo }: X509Certificate): number {
  return Date.parse(validTo);
}

/**
 * Checks certificates after their handshakes, which OpenSSL does not do. It checks only what can change afterwards: the
 * dates, the CAs and the lists. The handshake has checked the rest, such as key usage.
 */
export class Trust {
  readonly #authorities: readonly X509Certificate[];
  readonly #lists: ReadonlyMap<string, readonly RevocationList[]>;
  readonly #ends: readonly { readonly at: number; readonly problem: string }[];

  constructor({ authorities, lists }: Certificates) {
    this.#authorities = authorities;
    const byIssuer = new Map<string, RevocationList[]>();
    for (const list of lists) byIssuer.set(list.issuer, [...(byIssuer.get(list.issuer) ?? []), list]);
    this.#lists = byIssuer;
    const ends = authorities.map((authority) => ({ at: endOf(authority), problem: 'CERT_HAS_EXPIRED' }));
    this.#ends = [...ends, ...lists.map(({ nextUpdate: at = Infinity }) => ({ at, problem: 'CRL_HAS_EXPIRED' }))];
  }

  /** What has expired between these times, by OpenSSL's name for it. */
  endedSince(from: number, until: number): string | undefined {
    return this.#ends.find(({ at }) => at > from && at <= until)?.problem;
  }

  /**
   * The current fault of a certificate, by OpenSSL's name for it. Expired lists still count.
   * @param others possible intermediate certificates.
   */
  problemOf(
    certificate: X509Certificate,
    others: readonly X509Certificate[],
    now: number,
    depth = 0,
  ): string | undefined {
    const own = this.#ownProblem(certificate, now);
    if (own !== undefined || this.#isAuthority(certificate)) return own;
    let problem = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
    if (depth === MAX_DEPTH) return problem;
    for (const issuer of [...this.#authorities, ...others.filter(({ ca }) => ca)]) {
      if (!isIssuedBy(certificate, issuer)) continue;
      const above = this.problemOf(issuer, others, now, depth + 1);
      if (above === undefined) return undefined;
      problem = above;
    }
    return problem;
  }

  #ownProblem(certificate: X509Certificate, now: number): string | undefined {
    if (now > endOf(certificate)) return 'CERT_HAS_EXPIRED';
    if (this.#lists.size === 0) return undefined;
    const lists = this.#lists.get(namesOf(certificate.raw).issuer);
    if (lists === undefined) return 'UNABLE_TO_GET_CRL';
    const serial = formatSerial(certificate.serialNumber);
    return lists.some(({ serials }) => serials.has(serial)) ? 'CERT_REVOKED' : undefined;
  }

  #isAuthority({ fingerprint256 }: X509Certificate): boolean {
    return this.#authorities.some((authority) => authority.fingerprint256 === fingerprint256);
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
