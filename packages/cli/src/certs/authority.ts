// Must be first: the library below needs it when it loads.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/**
 * For the cipher suite that every Modbus/TCP Security peer must support (SEC): TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.
 */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** SEC: the client's role, a UTF8String. */
const ROLE_OID = '1.3.6.1.4.1.50316.802.1';
const UTF8_STRING = 0x0c;
const DAY_MS = 86_400_000;
/** For clocks that are a little behind. */
const LEEWAY_MS = 300_000;

/** A certificate and its private key, in PEM. */
export interface KeyAndCertificate {
  certificate: string;
  key: string;
}

/** A certificate authority for tests. Its key can make clients of any role. */
export class TestAuthority {
  readonly own: KeyAndCertificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #notAfter: Date;

  private constructor(own: KeyAndCertificate, keys: webcrypto.CryptoKeyPair, notAfter: Date) {
    this.own = own;
    this.#keys = keys;
    this.#notAfter = notAfter;
  }

  static async create(days: number): Promise<TestAuthority> {
    const keys = await generateKeys();
    const notAfter = new Date(Date.now() + days * DAY_MS);
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: AUTHORITY_NAME,
      keys,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - LEEWAY_MS),
      notAfter,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new TestAuthority(await toPem(certificate, keys), keys, notAfter);
  }

  issueServer(hosts: readonly string[]): Promise<KeyAndCertificate> {
    const names = hosts.map((host) => ({ type: isIP(host) > 0 ? ('ip' as const) : ('dns' as const), value: host }));
    return this.#issue('Busbar test server', ExtendedKeyUsage.serverAuth, [new SubjectAlternativeNameExtension(names)]);
  }

  issueClient(role: string | undefined): Promise<KeyAndCertificate> {
    if (role === undefined) return this.#issue('Busbar test client', ExtendedKeyUsage.clientAuth, []);
    const extension = new Extension(ROLE_OID, false, utf8String(role));
    return this.#issue(`Busbar test client, ${role}`.slice(0, MAX_NAME_LENGTH), ExtendedKeyUsage.clientAuth, [
      extension,
    ]);
  }

  async #issue(name: string, usage: ExtendedKeyUsage, more: Extension[]): Promise<KeyAndCertificate> {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.create({
      subject: [{ CN: [name] }],
      issuer: AUTHORITY_NAME,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - LEEWAY_MS),
      notAfter: this.#notAfter,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
        ...more,
      ],
    });
    return toPem(certificate, keys);
  }
}

const AUTHORITY_NAME = [{ CN: ['Busbar test CA'] }];
/** Of a common name (X.520). */
const MAX_NAME_LENGTH = 64;

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function toPem(
  certificate: { toString(format: 'pem'): string },
  { privateKey }: webcrypto.CryptoKeyPair,
): Promise<KeyAndCertificate> {
  const key = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return { certificate: `${certificate.toString('pem')}\n`, key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` };
}

/** In DER. */
function utf8String(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  // A length from 128 on has a byte ahead of it; no role is longer than 64 characters, 192 bytes.
  const length = bytes.length < 0x80 ? [bytes.length] : [0x81, bytes.length];
  return Uint8Array.of(UTF8_STRING, ...length, ...bytes);
}
