import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type ExtendedKeyUsageType,
  Extension,
  PemConverter,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: Uint8Array.of(1, 0, 1) };
const HOUR_MS = 3_600_000;
const ROLE_OID = '1.3.6.1.4.1.50316.802.1';
export const CLIENT_USE = '1.3.6.1.5.5.7.3.2';
export const SERVER_USE = '1.3.6.1.5.5.7.3.1';

/** A certificate and its private key, both PEM. */
export interface Identity {
  cert: string;
  key: string;
}

export interface IdentityOptions {
  /** Of the role extension; bytes are its value as it is. */
  role?: string | Uint8Array | undefined;
  /** Hours from now. */
  from?: number;
  until?: number;
  usage?: ExtendedKeyUsageType[];
  extensions?: Extension[];
  /** A key of RSA with so many bits, in place of one on P-256. */
  rsaBits?: number;
}

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

/** DER of a UTF8String. */
export function utf8String(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return Uint8Array.of(0x0c, bytes.length, ...bytes);
}

/** A certificate authority of the tests' own. */
export class Authority {
  readonly pem: string;
  /** Its private key, in PEM. */
  readonly key: string;
  readonly #name: string;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(name: string, keys: webcrypto.CryptoKeyPair, { cert, key }: Identity) {
    this.#name = name;
    this.#keys = keys;
    this.pem = cert;
    this.key = key;
  }

  static async create(name: string, { from = -1, until = 1 }: IdentityOptions = {}): Promise<Authority> {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      notBefore: inHours(from),
      notAfter: inHours(until),
      extensions: [authorityExtension()],
    });
    return new Authority(`CN=${name}`, keys, await identityOf(certificate, keys));
  }

  /** One below this one. */
  async issueAuthority(name: string, options: IdentityOptions = {}): Promise<Authority> {
    const keys = await generateKeys();
    const identity = await this.#issue(name, keys, [authorityExtension()], options);
    return new Authority(`CN=${name}`, keys, identity);
  }

  async issue(name: string, options: IdentityOptions = {}): Promise<Identity> {
    const { role, usage, extensions = [], rsaBits } = options;
    const keys = await generateKeys(rsaBits);
    const all: Extension[] = usage === undefined ? [] : [new ExtendedKeyUsageExtension(usage)];
    if (role !== undefined) all.push(roleExtension(role));
    return this.#issue(name, keys, [...all, ...extensions], options);
  }

  async #issue(
    name: string,
    keys: webcrypto.CryptoKeyPair,
    extensions: Extension[],
    { from = -1, until = 1 }: IdentityOptions,
  ): Promise<Identity> {
    const certificate = await X509CertificateGenerator.create({
      subject: name === '' ? '' : `CN=${name}`,
      issuer: this.#name,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: inHours(from),
      notAfter: inHours(until),
      extensions,
    });
    return identityOf(certificate, keys);
  }

  /** A list that revokes these certificates. */
  async revoke(identities: Identity[], until = 1): Promise<string> {
    const list = await X509CrlGenerator.create({
      issuer: this.#name,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      thisUpdate: inHours(-2),
      nextUpdate: inHours(until),
      entries: identities.map(({ cert }) => ({ serialNumber: new X509Certificate(cert).serialNumber })),
    });
    return `${PemConverter.encode(list.rawData, 'X509 CRL')}\n`;
  }
}

function generateKeys(rsaBits?: number): Promise<webcrypto.CryptoKeyPair> {
  const usages: webcrypto.KeyUsage[] = ['sign', 'verify'];
  if (rsaBits === undefined) return webcrypto.subtle.generateKey(ALGORITHM, true, usages);
  return webcrypto.subtle.generateKey({ ...RSA, modulusLength: rsaBits }, true, usages);
}

function authorityExtension(): Extension {
  return new BasicConstraintsExtension(true, undefined, true);
}

async function identityOf(
  certificate: { toString(format: 'pem'): string },
  { privateKey }: webcrypto.CryptoKeyPair,
): Promise<Identity> {
  return { cert: `${certificate.toString('pem')}\n`, key: await toPem(privateKey) };
}

async function toPem(key: webcrypto.CryptoKey): Promise<string> {
  const body = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${body.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

export function roleExtension(role: string | Uint8Array, critical = false): Extension {
  return new Extension(ROLE_OID, critical, Uint8Array.from(typeof role === 'string' ? utf8String(role) : role));
}

/** A temporary folder with these files; it goes at the end of the `using` block. */
export function folderWith(files: Record<string, string>) {
  const path = mkdtempSync(join(tmpdir(), 'busbar-tls-'));
  const write = (name: string, text: string) => writeFileSync(join(path, name), text, { mode: 0o600 });
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    write,
    file: (name: string) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
