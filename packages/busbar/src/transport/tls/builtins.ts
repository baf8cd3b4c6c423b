// Node's TLS and cryptography, loaded with the first TLS server: most programs have none, and loading these two takes
// as long as a good part of Busbar.
import type { X509Certificate } from 'node:crypto';

export function tls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls');
}

export function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}

/** @param der its bytes. @throws if they are no certificate. */
export function parseCertificate(der: Uint8Array): X509Certificate {
  const { X509Certificate } = crypto();
  return new X509Certificate(der);
}
