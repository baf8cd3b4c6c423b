import type { X509Certificate } from 'node:crypto';

export const WEAK_KEYS = ['refuse', 'allow'] as const;
/** What to do with keys that are too weak today. */
export type WeakKeys = (typeof WEAK_KEYS)[number];

/**
 * OpenSSL's security level, for the server's and clients' certificates: 2 means RSA from 2048 bits and curves from 224
 * bits; 1 means RSA from 1024 bits. The default is 1, and since Node.js 24 it is 2.
 */
export const SECURITY_LEVELS: Readonly<Record<WeakKeys, number>> = { refuse: 2, allow: 1 };

const MIN_RSA_BITS = 2048;
const MIN_CURVE_BITS = 224;

/** The weakness of a public key; undefined if it is strong enough. */
export function weakness({ publicKey }: X509Certificate): string | undefined {
  const { asymmetricKeyType: type = '', asymmetricKeyDetails: details = {} } = publicKey;
  const { modulusLength, namedCurve } = details;
  if (modulusLength !== undefined && modulusLength < MIN_RSA_BITS) {
    return `${type.toUpperCase()} with ${modulusLength} bits, and less than ${MIN_RSA_BITS} are too weak`;
  }
  if (namedCurve !== undefined && curveBits(namedCurve) < MIN_CURVE_BITS) {
    return `on the curve ${namedCurve}, and less than ${MIN_CURVE_BITS} bits are too weak`;
  }
  return undefined;
}

/** The size is in the curve's name: `prime256v1`, `secp160r1`, `brainpoolP384r1`. */
function curveBits(name: string): number {
  return Number(/\d{3}/.exec(name)?.[0] ?? MIN_CURVE_BITS);
}
