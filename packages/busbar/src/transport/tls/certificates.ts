import type { KeyObject, X509Certificate } from 'node:crypto';
import {
  anything,
  type Check,
  type CheckedOptions,
  type ChecksTo,
  checkAll,
  checkString,
  optional,
} from '../../checks.js';
import { asError, OptionsError } from '../../errors.js';
import { crypto, parseCertificate, tls } from './builtins.js';
import { type RevocationList, readRevocationList } from './crl.js';
import { SECURITY_LEVELS, type WeakKeys, weakness } from './keys.js';
import { checkUsable } from './lists.js';
import { type PemBlock, type PemSource, type PemSources, pemBlocks } from './pem.js';

/** Certificates and keys, as files or text. All are PEM. */
export interface TlsCertificateOptions {
  /** The server's certificate, followed by any intermediate certificates. */
  readonly certFile?: string | undefined;
  /** The private key of that certificate. */
  readonly keyFile?: string | undefined;
  /** The passphrase of an encrypted private key. */
  readonly passphrase?: string | undefined;
  /** The CAs that may issue client certificates. The issuing CA is enough, without the CA above it. */
  readonly caFile?: string | undefined;
  /** Revocation lists of these CAs. Each CA in use then needs a list; one file may contain several. */
  readonly crlFile?: string | undefined;
  /** In place of `certFile`. */
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
  readonly ca?: string | Uint8Array | undefined;
  readonly crl?: string | Uint8Array | undefined;
}

/** Checks that need no reading of files. */
export const CERTIFICATE_CHECKS: ChecksTo<
  CheckedOptions<Record<keyof TlsCertificateOptions, unknown>, { readonly passphrase: string | undefined }>
> = {
  certFile: inOwnContext(anything),
  keyFile: inOwnContext(anything),
  passphrase: inOwnContext(optional(checkString)),
  caFile: inOwnContext(anything),
  crlFile: inOwnContext(anything),
  cert: inOwnContext(anything),
  key: inOwnContext(anything),
  ca: inOwnContext(anything),
  crl: inOwnContext(anything),
};

/** An option for the server's own context; the program may give a ready context instead. */
export function inOwnContext<T>(check: Check<T>): Check<T | undefined> {
  return (value, path, options) => {
    if (options.secureContext === undefined) return check(value, path, options);
    if (value !== undefined) throw new OptionsError(path, 'give either this or secureContext, not both');
    return undefined;
  };
}

/** Certificates that were read and checked: in Node's form, and parsed. */
export interface Certificates {
  readonly cert: string;
  readonly key: string;
  readonly passphrase: string | undefined;
  readonly ca: string | undefined;
  readonly crl: string[] | undefined;
  /** The server's certificate and the intermediate ones. */
  readonly own: readonly X509Certificate[];
  readonly authorities: readonly X509Certificate[];
  readonly lists: readonly RevocationList[];
  /** Their files, or the options with their text. */
  readonly sources: Readonly<Record<'cert' | 'ca' | 'crl', string>>;
}

const CERTIFICATES = ['CERTIFICATE', 'X509 CERTIFICATE'];
const KEYS = ['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'DSA PRIVATE KEY'];

/**
 * Checks everything that would otherwise fail with the first client, or never.
 * @throws OptionsError with the name and the fault of each bad file.
 */
export function checkCertificates(
  { cert, key, ca, crl }: PemSources,
  passphrase: string | undefined,
  weakKeys: WeakKeys,
): Certificates {
  const { own, authorities, lists } = checkAll({
    own: () => checkOwn(cert, key, passphrase, weakKeys),
    authorities: () => ca && checkAuthorities(ca, weakKeys),
    lists: () => crl && readRevocationLists(crl),
  });
  if (crl !== undefined && lists !== undefined) checkUsable(crl, lists.lists, authorities?.certificates ?? []);
  return {
    ...own,
    passphrase,
    ca: authorities?.text,
    crl: lists?.texts,
    authorities: authorities?.certificates ?? [],
    lists: lists?.lists ?? [],
    sources: { cert: cert.name, ca: ca?.name ?? '', crl: crl?.name ?? '' },
  };
}

function checkOwn(cert: PemSource, key: PemSource, passphrase: string | undefined, weakKeys: WeakKeys) {
  const { read, secret } = checkAll({
    read: () => checkOwnCertificates(cert, weakKeys),
    secret: () => readKey(key, passphrase),
  });
  const { text, certificates } = read;
  const { block, privateKey } = secret;
  const [own] = certificates;
  if (!own.checkPrivateKey(privateKey)) {
    throw key.fault(`the private key does not belong to the certificate (${certificateName(own)})`);
  }
  try {
    const ciphers = `DEFAULT:@SECLEVEL=${SECURITY_LEVELS[weakKeys]}`;
    tls().createSecureContext({ cert: text, key: block.text, passphrase, ciphers });
  } catch (error) {
    throw cert.fault(`cannot be used: ${asError(error).message}`);
  }
  return { cert: text, key: block.text, own: certificates };
}

function checkOwnCertificates(cert: PemSource, weakKeys: WeakKeys): CertificatesRead {
  const read = readCertificates(cert);
  const problem = problemOf(read.certificates[0], weakKeys);
  if (problem !== undefined) throw cert.fault(`the certificate ${problem}`);
  return read;
}

function readKey(key: PemSource, passphrase: string | undefined): { block: PemBlock; privateKey: KeyObject } {
  const [block] = pemBlocks(key, KEYS);
  return { block, privateKey: parseKey(key, block, passphrase) };
}

interface CertificatesRead {
  /** All blocks, in Node's form. */
  readonly text: string;
  readonly certificates: readonly [X509Certificate, ...X509Certificate[]];
}

/** At least one, else it throws. */
function readCertificates(source: PemSource): CertificatesRead {
  const [first, ...rest] = pemBlocks(source, CERTIFICATES);
  const texts = [first, ...rest].map(({ text }) => text);
  return { text: texts.join(''), certificates: [parse(source, first), ...rest.map((block) => parse(source, block))] };
}

function parse(source: PemSource, { der }: PemBlock): X509Certificate {
  try {
    return parseCertificate(der);
  } catch (error) {
    throw source.fault(`a certificate in it cannot be read: ${asError(error).message}`);
  }
}

function problemOf(certificate: X509Certificate, weakKeys: WeakKeys): string | undefined {
  const { validFrom, validTo } = certificate;
  if (Date.now() > Date.parse(validTo)) return `has expired (${validTo})`;
  if (Date.now() < Date.parse(validFrom)) return `is not valid yet (from ${validFrom})`;
  const weak = weakKeys === 'allow' ? undefined : weakness(certificate);
  return weak && `has a key ${weak}; make a new one, or allow it with weakKeys: 'allow'`;
}

function parseKey(source: PemSource, { kind, text }: PemBlock, passphrase: string | undefined): KeyObject {
  try {
    return crypto().createPrivateKey({ key: text, passphrase });
  } catch (error) {
    const encrypted = kind.startsWith('ENCRYPTED') || text.includes('ENCRYPTED');
    throw source.fault(keyProblem(encrypted, passphrase, asError(error)));
  }
}

function keyProblem(encrypted: boolean, passphrase: string | undefined, { message }: Error): string {
  if (!encrypted) return `the private key cannot be read: ${message}`;
  if (passphrase === undefined || passphrase === '') return 'the private key is encrypted, and there is no passphrase';
  return `the private key cannot be decrypted: the passphrase is wrong, or the file is damaged (${message})`;
}

/** One of several CAs may have expired; if all have, no client could connect. */
function checkAuthorities(source: PemSource, weakKeys: WeakKeys): CertificatesRead {
  const read = readCertificates(source);
  const { certificates } = read;
  const problems = certificates.map((certificate) => problemOf(certificate, weakKeys));
  if (problems.includes(undefined)) return read;
  const which = certificates.length === 1 ? 'the CA' : 'none of the CAs is valid; the first';
  throw source.fault(`${which} (${certificateName(certificates[0])}) ${problems[0]}`);
}

/** Node reads only the first of several lists in one text. An expired list would shut out every client. */
function readRevocationLists(source: PemSource): { texts: string[]; lists: RevocationList[] } {
  const blocks = pemBlocks(source, ['X509 CRL']);
  return { texts: blocks.map(({ text }) => text), lists: blocks.map((block) => checkList(source, block)) };
}

function checkList(source: PemSource, { text, der }: PemBlock): RevocationList {
  const list = readRevocationList(der);
  try {
    tls().createSecureContext({ crl: text });
  } catch (error) {
    throw source.fault(`a revocation list in it cannot be read: ${asError(error).message}`);
  }
  if (list === undefined) throw source.fault('a revocation list in it cannot be read');
  const { nextUpdate } = list;
  if (nextUpdate !== undefined && nextUpdate < Date.now()) {
    const when = new Date(nextUpdate).toISOString();
    throw source.fault(`the revocation list has expired (${when}); every client would be refused`);
  }
  return list;
}

/** A distinguished name on one line. */
function formatName(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ');
}

/** The subject of a certificate. */
export function certificateName({ subject }: X509Certificate): string {
  return formatName(subject);
}
