import type { SecureContext, SecureContextOptions, Server } from 'node:tls';
import {
  type Checked,
  type Checks,
  checkAll,
  checkBoolean,
  checkPart,
  oneOf,
  optional,
  type Path,
  show,
  type UncheckedOptions,
  withDefault,
} from '../../checks.js';
import { asError, OptionsError } from '../../errors.js';
import { crypto, tls } from './builtins.js';
import {
  CERTIFICATE_CHECKS,
  type Certificates,
  checkCertificates,
  inOwnContext,
  type TlsCertificateOptions,
} from './certificates.js';
import { noAuthority, readSources, readSourcesNow } from './files.js';
import { SECURITY_LEVELS, WEAK_KEYS, type WeakKeys } from './keys.js';
import type { PemSources } from './pem.js';

export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
/** The oldest allowed version, at least 1.2 (SEC). */
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** The basis of a TLS server's cryptography: certificates, or a ready context. */
export interface SecureContextInput extends TlsCertificateOptions {
  /** A context made by the program, or the options for one, used unchanged. It replaces all other options here. */
  readonly secureContext?: SecureContext | SecureContextOptions | undefined;
  /** Default `TLSv1.2`. */
  readonly minVersion?: TlsVersion | undefined;
  /** Refuses clients without a certificate from the CA. Default true, as the standard requires. */
  readonly requireClientCertificate?: boolean | undefined;
  /**
   * What to do with RSA keys under 2048 bits and curves under 224 bits, of clients, their CAs and the server. Default
   * `refuse`.
   */
  readonly weakKeys?: WeakKeys | undefined;
}

/** Checks of the options for a TLS server's cryptography. */
const CONTEXT_CHECKS = {
  ...CERTIFICATE_CHECKS,
  secureContext: optional(checkGiven),
  minVersion: inOwnContext(optional(oneOf(TLS_VERSIONS))),
  requireClientCertificate: withDefault(checkBoolean, true),
  weakKeys: inOwnContext(optional(oneOf(WEAK_KEYS))),
} satisfies Checks<SecureContextInput>;

/** A context, and its certificates if they are known. */
export interface Credentials {
  readonly context: SecureContextOptions | SecureContext;
  /** Undefined: the program gave a context of its own. */
  readonly certificates: Certificates | undefined;
  /** The key's file, if every user of the machine may read it. */
  readonly openKey: string | undefined;
}

/** SEC requires at least the first two. All are forward secret and authenticated; none is NULL, RC4 or CBC. */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
].join(':');

const TICKET_KEY_LENGTH = 48;

/**
 * Makes the options for a `tls.SecureContext`, with the safe defaults of Modbus/TCP Security, from files or PEM texts.
 * Returns a given context unchanged.
 * @throws OptionsError with the file's name if a certificate, key or revocation list is missing or faulty.
 */
export function secureContextOptions(options: SecureContextInput): SecureContextOptions | SecureContext {
  return loadNow(options).context;
}

/** Reads the files at once, see `readSourcesNow`. */
export function loadNow(options: SecureContextInput): Credentials {
  if (options.secureContext !== undefined) return givenCredentials(options);
  const { checked, sources } = checkAll({
    checked: () => checkPart(options, CONTEXT_CHECKS),
    sources: () => readSourcesNow(options),
  });
  return makeCredentials(checked, sources);
}

/** Reads the files without blocking. */
export async function loadSoon(options: SecureContextInput): Promise<Credentials> {
  if (options.secureContext !== undefined) return givenCredentials(options);
  return makeCredentials(checkPart(options, CONTEXT_CHECKS), await readSources(options));
}

function givenCredentials(options: SecureContextInput): Credentials {
  const { secureContext } = checkPart(options, { ...CONTEXT_CHECKS, secureContext: checkGiven });
  return { context: secureContext, certificates: undefined, openKey: undefined };
}

function makeCredentials(options: Checked<typeof CONTEXT_CHECKS>, sources: PemSources): Credentials {
  const { passphrase, minVersion = 'TLSv1.2', weakKeys = 'refuse' } = options;
  const certificates = checkCertificates(sources, passphrase, weakKeys);
  const openKey = sources.key.readableByAll ? sources.key.name : undefined;
  return { context: createOptions(certificates, minVersion, weakKeys), certificates, openKey };
}

function createOptions({ cert, key, passphrase, ca, crl }: Certificates, minVersion: TlsVersion, weakKeys: WeakKeys) {
  return {
    cert,
    key,
    passphrase,
    crl,
    // Without its own list, Node trusts the public authorities, which give anyone a certificate.
    ca: ca ?? [],
    // Trusts a CA without the CA above it.
    allowPartialTrustChain: true,
    minVersion,
    ciphers: `${CIPHERS}:@SECLEVEL=${SECURITY_LEVELS[weakKeys]}`,
    honorCipherOrder: true,
    secureOptions: crypto().constants.SSL_OP_NO_RENEGOTIATION,
    // New keys each time, so that no earlier session can be resumed after a newer revocation list.
    ticketKeys: newTicketKeys(),
  };
}

/** New keys for session tickets, so that no earlier session can be resumed. */
export function newTicketKeys(): Buffer {
  return crypto().randomBytes(TICKET_KEY_LENGTH);
}

function checkGiven(
  given: unknown,
  path: Path,
  { requireClientCertificate = true }: UncheckedOptions,
): SecureContext | SecureContextOptions {
  if (typeof given !== 'object' || given === null) {
    throw new OptionsError(path, `expected a tls.SecureContext or its options, found ${show(given)}`);
  }
  const context: SecureContext | SecureContextOptions = given;
  if (isContext(context)) return context;
  if (context.cert === undefined && context.pfx === undefined) {
    throw new OptionsError(path, 'it has no certificate, and nothing is ever served in clear text here');
  }
  if (requireClientCertificate === true && context.ca === undefined && context.pfx === undefined) {
    throw noAuthority(path);
  }
  return context;
}

function isContext(given: SecureContext | SecureContextOptions): given is SecureContext {
  return 'context' in given;
}

/** Whether there is an authority to check clients' certificates with. */
export function canVerify(given: SecureContextOptions | SecureContext): boolean {
  if (isContext(given) || given.pfx !== undefined) return true;
  return given.ca !== undefined && !(Array.isArray(given.ca) && given.ca.length === 0);
}

/**
 * The property in which a `tls.Server` of every Node so far keeps its context. There is no public way to set a ready
 * one.
 */
const OWN_CONTEXT = '_sharedCreds';

/**
 * Makes new connections of a server use this context. `setSecureContext` would drop some options of contexts, such as
 * `allowPartialTrustChain`.
 * @throws OptionsError if OpenSSL rejects it, or Node has changed so that a ready context cannot be set.
 */
export function useContext(server: Server, given: SecureContextOptions | SecureContext): void {
  const context = isContext(given) ? given : createContext(given);
  if (OWN_CONTEXT in server) Reflect.set(server, OWN_CONTEXT, context);
  else if (!isContext(given)) server.setSecureContext(given);
  else
    throw new OptionsError(
      ['secureContext'],
      `Node ${process.version} does not accept a ready context here: give its options`,
    );
}

function createContext(given: SecureContextOptions): SecureContext {
  try {
    // The id marks the sessions as ours; without it none can be resumed.
    return tls().createSecureContext({ sessionIdContext: 'busbar', ...given });
  } catch (error) {
    throw new OptionsError([], `these certificates cannot be used: ${asError(error).message}`);
  }
}
