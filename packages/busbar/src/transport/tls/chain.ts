import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { parseCertificate } from './builtins.js';

const MAX_CHAIN = 10;

/**
 * The peer's certificate, parsed from its bytes, because `getPeerX509Certificate()` of Node 20 leaks five kilobytes
 * each time.
 * @returns undefined without one.
 */
export function peerCertificate(socket: TLSSocket): X509Certificate | undefined {
  // Without a certificate, Node returns an empty object, or null once the socket is closed.
  const { raw } = socket.getPeerCertificate() ?? {};
  return raw && parseCertificate(raw);
}

/** The peer's certificate and those above it: the ones that it has sent, and the CAs that continue the chain. */
export function peerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerCertificate(true) ?? {};
  while (next?.raw !== undefined && chain.length < MAX_CHAIN) {
    chain.push(parseCertificate(next.raw));
    // The last one is its own issuer, or has none.
    if (next.issuerCertificate === next) break;
    next = next.issuerCertificate;
  }
  return chain;
}
