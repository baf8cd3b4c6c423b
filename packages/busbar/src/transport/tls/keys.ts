import type { X509Certificate } from 'node:crypto';

export const WEAK_KEYS = ['refuse', 'allow'] as const;
/** Whether keys that are too weak for today are taken. */
export type WeakKeys = (typeof WEAK_KEYS)[number];

/**
 * OpenSSL's measure, for the server's certificate and those of clients: 2 is RSA from 2048 bits on and curves from 224 on; 1 is RSA
 * from 1024 on. Left alone it is 1, and 2 since Node.js 24.
 */
export const SECURITY_LEVELS: Readonly<Record<WeakKeys, number>> = { refuse: 2, allow: 1 };

const MIN_RSA_BITS = 2048;
const MIN_CURVE_BITS = 224;

/** What is wrong with a public key; undefined: nothing. */
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

/** The names of curves tell: `prime256v1`, `secp160r1`, `brainpoolP384r1`. */
function curveBits(name: string): number {
  return Number(/\d{3}/.exec(name)?.[0] ?? MIN_CURVE_BITS);
}
