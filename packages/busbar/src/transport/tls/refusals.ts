import type { X509Certificate } from 'node:crypto';
import type { ConnectionErrorCode } from '../../error-codes.js';
import { ConnectionError } from '../../errors.js';
import { certificateName } from './certificates.js';
import { unknownCritical } from './extensions.js';
import { weakness } from './keys.js';
import { ROLE_ID } from './role.js';

type Reason = readonly [code: ConnectionErrorCode, message: string];

const UNTRUSTED: Reason = ['CERTIFICATE_UNTRUSTED', "the client's certificate does not come from a CA of this server"];
const OLD_PROTOCOL: Reason = ['PROTOCOL_VERSION', 'the client speaks no version of TLS that this server allows'];
const NOT_TLS: Reason = ['NOT_TLS', 'the client does not speak TLS'];

/** By OpenSSL's names: faults of certificates and of handshakes. */
const REASONS: Readonly<Record<string, Reason>> = {
  CERT_HAS_EXPIRED: ['CERTIFICATE_EXPIRED', "the client's certificate, or its CA's, has expired"],
  CERT_NOT_YET_VALID: ['CERTIFICATE_NOT_YET_VALID', "the client's certificate, or its CA's, is not valid yet"],
  CERT_REVOKED: ['CERTIFICATE_REVOKED', "the client's certificate was revoked"],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  UNABLE_TO_GET_CRL: ['CERTIFICATE_REFUSED', "there is no revocation list of the CA of the client's certificate"],
  CRL_HAS_EXPIRED: ['CERTIFICATE_REFUSED', "the revocation list of the CA of the client's certificate has expired"],
  INVALID_PURPOSE: ['CERTIFICATE_REFUSED', "the client's certificate is not meant for clients"],
  CRL_SIGNATURE_FAILURE: ['CERTIFICATE_REFUSED', 'the revocation list was not signed by the CA that it names'],
  NO_CERTIFICATE: ['NO_CERTIFICATE', 'the client has no certificate'],
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_PROTOCOL,
  ERR_SSL_VERSION_TOO_LOW: OLD_PROTOCOL,
  ERR_SSL_WRONG_SSL_VERSION: OLD_PROTOCOL,
  ERR_SSL_WRONG_CURVE: [
    'CERTIFICATE_WEAK',
    "the key of the client's certificate is on a curve that TLS does not support",
  ],
  ERR_SSL_NO_SHARED_CIPHER: ['NO_SHARED_CIPHER', 'the client offers no cipher suite that this server allows'],
  ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
  ERR_SSL_HTTP_REQUEST: NOT_TLS,
  ERR_SSL_HTTPS_PROXY_REQUEST: NOT_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
  ERR_SSL_UNKNOWN_PROTOCOL: NOT_TLS,
  ERR_TLS_HANDSHAKE_TIMEOUT: ['HANDSHAKE_TIMEOUT', 'the handshake was not complete in time'],
  ECONNRESET: ['CONNECTION_CLOSED', 'the client closed the connection during the handshake'],
};

/** The alerts of clients that do not accept the server's certificate. */
const CLIENT_ALERT = /^ERR_SSL_(?:SSLV3|TLSV1)_ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|(?:UNSUPPORTED_)?CERTIFICATE\w*)$/;

/**
 * Why a client's certificate is refused, by OpenSSL's name for the fault.
 * @param subject of the certificate, if there is one.
 * @param chain the certificate and those above it, for faults without a name.
 */
export function certificateRefusal(name: string, subject?: string, chain: X509Certificate[] = []): ConnectionError {
  const [code, message] = REASONS[name] ?? unnamedReason(name, chain);
  return new ConnectionError(code, subject === undefined ? message : `${message} (${subject})`);
}

/** OpenSSL has found a fault for which Node has no name. */
function unnamedReason(name: string, certificates: readonly X509Certificate[]): Reason {
  for (const [i, certificate] of certificates.entries()) {
    const whose = i === 0 ? "the client's certificate" : `the certificate of its CA, ${certificateName(certificate)},`;
    const weak = weakness(certificate);
    if (weak !== undefined) return ['CERTIFICATE_WEAK', `${whose} has a key ${weak}`];
    const extension = unknownCritical(certificate.raw);
    if (extension !== undefined) return ['CERTIFICATE_REFUSED', `${whose} has ${describeCritical(extension)}`];
  }
  const guess = name === 'UNSPECIFIED' ? ': perhaps a certificate above it has a weak key or a critical extension' : '';
  return ['CERTIFICATE_REFUSED', `the client's certificate was refused (${name})${guess}`];
}

function describeCritical(extension: string): string {
  if (extension !== ROLE_ID) return `a critical extension that OpenSSL does not know, ${extension}`;
  return `its role in a critical extension (${extension}), which OpenSSL refuses: issue one where the extension is not critical`;
}

/** Why a handshake failed, by the error that ended it. */
export function handshakeRefusal(error: Error & { readonly code?: string }): ConnectionError {
  const name = error.code ?? '';
  const [code, message] = REASONS[name] ?? otherReason(name, error);
  return new ConnectionError(code, message, { cause: error });
}

function otherReason(name: string, { message }: Error): Reason {
  if (!CLIENT_ALERT.test(name)) return ['HANDSHAKE_FAILED', `the TLS handshake failed: ${message}`];
  return ['SERVER_CERTIFICATE_REFUSED', "the client refused this server's certificate"];
}
