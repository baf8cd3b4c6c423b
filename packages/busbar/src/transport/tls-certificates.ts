import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { asError, OptionsError } from '../errors.js';
import { checkString, type Path, show } from '../options.js';
import { nextUpdateOf } from './tls-crl.js';

/** Certificates and keys: files, or their text. All of them are PEM. */
export interface TlsCertificateOptions {
  /** The server's certificate, followed by those between it and the CA, if there are any. */
  readonly certFile?: string;
  /** The private key of that certificate. */
  readonly keyFile?: string;
  /** Of an encrypted private key. */
  readonly passphrase?: string;
  /** The CA, or CAs, that clients' certificates must come from. */
  readonly caFile?: string;
  /** Certificates that these CAs have revoked. Each CA in use then needs a list; several may follow each other. */
  readonly crlFile?: string;
  /** In place of `certFile`. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  readonly ca?: string | Uint8Array;
  readonly crl?: string | Uint8Array;
}

export const CERTIFICATE_OPTIONS = [
  'certFile',
  'keyFile',
  'passphrase',
  'caFile',
  'crlFile',
  'cert',
  'key',
  'ca',
  'crl',
] as const satisfies (keyof TlsCertificateOptions)[];

/** Certificates that have been read and found good, as Node takes them. */
export interface Certificates {
  readonly cert: string;
  readonly key: string;
  readonly passphrase: string | undefined;
  readonly ca: string | undefined;
  readonly crl: string[] | undefined;
}

interface Pem {
  readonly path: Path;
  readonly text: string;
  /** An error that names the file. */
  fault(problem: string): OptionsError;
}

/** The files among the options. */
export function certificateFiles({ certFile, keyFile, caFile, crlFile }: TlsCertificateOptions): string[] {
  return [certFile, keyFile, caFile, crlFile].filter((file) => file !== undefined);
}

/**
 * Reads certificates and checks all that would otherwise come to light with the first client, or never.
 * @throws OptionsError with the name of the file and what is wrong with it.
 */
export function loadCertificates(options: TlsCertificateOptions): Certificates {
  const cert = readPem(options, 'certFile', 'cert');
  const key = readPem(options, 'keyFile', 'key');
  const ca = readPem(options, 'caFile', 'ca');
  const crl = readPem(options, 'crlFile', 'crl');
  const { passphrase } = options;
  if (passphrase !== undefined) checkString(passphrase, ['passphrase']);
  if (cert === undefined) throw missing('certFile', "the server's certificate is missing");
  if (key === undefined) throw missing('keyFile', "the private key of the server's certificate is missing");
  checkOwnCertificate(cert, key, passphrase);
  if (ca !== undefined) checkAuthorities(ca);
  const lists = crl && checkRevocationLists(crl);
  if (lists !== undefined && ca === undefined)
    throw missing('caFile', 'a revocation list needs the CA that it comes from');
  return { cert: cert.text, key: key.text, passphrase, ca: ca?.text, crl: lists };
}

function missing(option: string, problem: string): OptionsError {
  return new OptionsError([option], `${problem}; nothing is ever served in clear text here`);
}

function readPem(
  options: TlsCertificateOptions,
  fileOption: 'certFile' | 'keyFile' | 'caFile' | 'crlFile',
  option: 'cert' | 'key' | 'ca' | 'crl',
): Pem | undefined {
  const { [fileOption]: file, [option]: given } = options;
  if (file === undefined && given === undefined) return undefined;
  if (given === undefined) return readPemFile(checkString(file, [fileOption]), [fileOption]);
  if (file !== undefined) throw new OptionsError([option], `give either ${fileOption} or ${option}, not both`);
  return { path: [option], text: toText(given, [option]), fault: (problem) => new OptionsError([option], problem) };
}

function toText(given: unknown, path: Path): string {
  if (typeof given === 'string') return given;
  if (given instanceof Uint8Array) return Buffer.from(given).toString('latin1');
  throw new OptionsError(path, `expected PEM text or its bytes, found ${show(given)}`);
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'not permitted to read it',
  EISDIR: 'it is a folder',
};

function readPemFile(file: string, path: Path): Pem {
  const fault = (problem: string) => new OptionsError(path, `${file}: ${problem}`);
  try {
    return { path, text: readFileSync(file, 'latin1'), fault };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw fault(READ_PROBLEMS[code] ?? message);
  }
}

function checkOwnCertificate(cert: Pem, key: Pem, passphrase: string | undefined): void {
  const [own] = parseCertificates(cert);
  const problem = validityProblem(own);
  if (problem !== undefined) throw cert.fault(`the certificate ${problem}`);
  if (!own.checkPrivateKey(parseKey(key, passphrase))) {
    throw key.fault(`the private key does not belong to the certificate (${certificateName(own)})`);
  }
  try {
    createSecureContext({ cert: cert.text, key: key.text, passphrase });
  } catch (error) {
    throw cert.fault(`can not be used: ${asError(error).message}`);
  }
}

/** At least one, or an error. */
function parseCertificates(pem: Pem): [X509Certificate, ...X509Certificate[]] {
  const [first, ...rest] = blocksOf(pem, 'CERTIFICATE').map((block) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw pem.fault(`a certificate in it can not be read: ${asError(error).message}`);
    }
  });
  return [first, ...rest];
}

/** The blocks of a kind in a PEM text. */
function blocksOf(pem: Pem, kind: string): [string, ...string[]] {
  const [first, ...rest] = pem.text.match(new RegExp(`-----BEGIN ${kind}-----[^-]*-----END ${kind}-----`, 'g')) ?? [];
  if (first !== undefined) return [first, ...rest];
  const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem.text)?.[1];
  const instead = found === undefined ? '' : `, but a ${found}`;
  throw pem.fault(`expected PEM with a ${kind}; there is none in it${instead}`);
}

function validityProblem({ validFrom, validTo }: X509Certificate): string | undefined {
  if (Date.now() > Date.parse(validTo)) return `has expired (${validTo})`;
  return Date.now() < Date.parse(validFrom) ? `is not valid yet (from ${validFrom})` : undefined;
}

function parseKey(pem: Pem, passphrase: string | undefined): KeyObject {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem.text)) blocksOf(pem, 'PRIVATE KEY');
  try {
    return createPrivateKey({ key: pem.text, passphrase });
  } catch (error) {
    throw pem.fault(keyProblem(pem, passphrase, asError(error)));
  }
}

function keyProblem({ text }: Pem, passphrase: string | undefined, { message }: Error): string {
  if (!text.includes('ENCRYPTED')) return `the private key can not be read: ${message}`;
  if (passphrase === undefined || passphrase === '') return 'the private key is encrypted, and there is no passphrase';
  return `the private key can not be decrypted: the passphrase is wrong, or the file is damaged (${message})`;
}

/** One CA of several may well have expired; with all of them no client can come in. */
function checkAuthorities(pem: Pem): void {
  const authorities = parseCertificates(pem);
  const problems = authorities.map(validityProblem);
  if (problems.includes(undefined)) return;
  const which = authorities.length === 1 ? 'the CA' : 'none of the CAs is valid; the first';
  throw pem.fault(`${which} (${certificateName(authorities[0])}) ${problems[0]}`);
}

/** Node takes only the first of several lists in one text. An expired list would shut out every client. */
function checkRevocationLists(pem: Pem): string[] {
  const blocks = blocksOf(pem, 'X509 CRL');
  for (const block of blocks) {
    try {
      createSecureContext({ crl: block });
    } catch (error) {
      throw pem.fault(`a revocation list in it can not be read: ${asError(error).message}`);
    }
    const nextUpdate = nextUpdateOf(Buffer.from(block.replace(/-----[^-]*-----/g, ''), 'base64'));
    if (nextUpdate !== undefined && nextUpdate.getTime() < Date.now()) {
      throw pem.fault(`the revocation list has expired (${nextUpdate.toISOString()}); every client would be refused`);
    }
  }
  return blocks;
}

/** A distinguished name on one line. */
export function formatName(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ');
}

function certificateName({ subject }: X509Certificate): string {
  return formatName(subject);
}
