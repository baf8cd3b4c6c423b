import { constants, randomBytes } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions, type Server } from 'node:tls';
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
import {
  CERTIFICATE_CHECKS,
  type Certificates,
  checkCertificates,
  inOwnContext,
  type TlsCertificateOptions,
} from './certificates.js';
import { noAuthority, type PemSources, readSources, readSourcesNow } from './files.js';
import { SECURITY_LEVELS, WEAK_KEYS, type WeakKeys } from './keys.js';

export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
/** Oldest version that is spoken; nothing below 1.2 is (SEC). */
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** What a TLS server's cryptography is made of: certificates, or a context that is ready. */
export interface SecureContextInput extends TlsCertificateOptions {
  /** A context that the program made, or the options for one, used as they are. In place of all others here. */
  readonly secureContext?: SecureContext | SecureContextOptions;
  /** Default `TLSv1.2`. */
  readonly minVersion?: TlsVersion;
  /** Refuses clients without a certificate that the CA vouches for. Default true, as the standard wants it. */
  readonly requireClientCertificate?: boolean;
  /** RSA keys of less than 2048 bits and curves of less than 224, of clients, their CAs and the server. Default `refuse`. */
  readonly weakKeys?: WeakKeys;
}

/** Checks of what a TLS server's cryptography is made of. */
export const CONTEXT_CHECKS = {
  ...CERTIFICATE_CHECKS,
  secureContext: optional(checkGiven),
  minVersion: inOwnContext(optional(oneOf(TLS_VERSIONS))),
  requireClientCertificate: withDefault(checkBoolean, true),
  weakKeys: inOwnContext(optional(oneOf(WEAK_KEYS))),
} satisfies Checks<SecureContextInput>;

/** A context, and the certificates in it as far as they are known. */
export interface Credentials {
  readonly context: SecureContextOptions | SecureContext;
  /** Undefined: the program gave a context of its own. */
  readonly certificates: Certificates | undefined;
  /** The key's file, if every user of the machine may read it. */
  readonly openKey: string | undefined;
}

/** SEC wants the first two at least. All are forward secret and authenticated; none is NULL, RC4 or CBC. */
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
 * The options of a `tls.SecureContext` with the safe defaults of Modbus/TCP Security, made from files or PEM texts. A context that
 * is given is returned as it is.
 * @throws OptionsError with the file's name if a certificate, key or revocation list is missing or no good.
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

/** Reads the files without keeping anybody waiting. */
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
    // Without a list of its own Node trusts the public authorities, of which anyone gets a certificate.
    ca: ca ?? [],
    // A CA is trusted without the one above it.
    allowPartialTrustChain: true,
    minVersion,
    ciphers: `${CIPHERS}:@SECLEVEL=${SECURITY_LEVELS[weakKeys]}`,
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    // New ones each time: a session from before can't be resumed past a newer revocation list.
    ticketKeys: newTicketKeys(),
  };
}

/** What sessions are encrypted with: none from before can be resumed. */
export function newTicketKeys(): Buffer {
  return randomBytes(TICKET_KEY_LENGTH);
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

/** Whether clients can be asked for certificates, as there is an authority to check them with. */
export function canVerify(given: SecureContextOptions | SecureContext): boolean {
  if (isContext(given) || given.pfx !== undefined) return true;
  return given.ca !== undefined && !(Array.isArray(given.ca) && given.ca.length === 0);
}

/** Where a `tls.Server` of every Node so far keeps its context; it has no public way to take one that is ready. */
const OWN_CONTEXT = '_sharedCreds';

/**
 * Makes new connections of a server use this context. By way of `setSecureContext`, Node would drop options that it knows for
 * contexts, such as `allowPartialTrustChain`.
 * @throws OptionsError if OpenSSL finds fault with it, or Node has changed so that a ready context can't be used.
 */
export function useContext(server: Server, given: SecureContextOptions | SecureContext): void {
  const context = isContext(given) ? given : createContext(given);
  if (OWN_CONTEXT in server) Reflect.set(server, OWN_CONTEXT, context);
  else if (!isContext(given)) server.setSecureContext(given);
  else
    throw new OptionsError(['secureContext'], `Node ${process.version} takes no ready context here: give its options`);
}

function createContext(given: SecureContextOptions): SecureContext {
  try {
    // It says whose sessions these are; without it none can be resumed.
    return createSecureContext({ sessionIdContext: 'busbar', ...given });
  } catch (error) {
    throw new OptionsError([], `these certificates cannot be used: ${asError(error).message}`);
  }
}
