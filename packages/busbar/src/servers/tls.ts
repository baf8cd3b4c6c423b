import type { AddressInfo } from 'node:net';
import { POLICY_CHECKS } from '../access/roles.js';
import { anything, type Checks, checkAll, checkObject, checkOptions } from '../checks.js';
import { checkFraming } from '../framing/framings.js';
import { SERVER_CHECKS } from '../server/options.js';
import type { AccessPolicy } from '../server/policy.js';
import { ModbusServer } from '../server/server.js';
import type { DescriptorEvents } from '../transport/net/descriptor-watch.js';
import type { TlsCertificateOptions } from '../transport/tls/certificates.js';
import type { SecureContextInput } from '../transport/tls/context.js';
import { checkCredentials } from '../transport/tls/credentials.js';
import type { TlsEvents } from '../transport/tls/events.js';
import { TLS_CHECKS, type TlsListenOptions, TlsTransport } from '../transport/tls/listen.js';
import type { IpServerOptions } from './ip-options.js';

export type { RoleRule, TableRange } from '../access/roles.js';
export type { RequestedRange } from '../protocol/ranges.js';
export type { AccessPolicy, AuthorizationRequest, DeniedEvent } from '../server/policy.js';
export type { DescriptorEvents } from '../transport/net/descriptor-watch.js';
export type { TlsCertificateOptions } from '../transport/tls/certificates.js';
export { type SecureContextInput, secureContextOptions, type TlsVersion } from '../transport/tls/context.js';
export type { TlsEvents } from '../transport/tls/events.js';
export type { CertificateExpiresEvent } from '../transport/tls/expiry.js';
export type { WeakKeys } from '../transport/tls/keys.js';

/**
 * Default port 802. `limits.connections` bounds the handshakes in progress, too; `limits.unsentBytes` is replaced by
 * Node's own limit.
 */
export interface TlsServerOptions extends IpServerOptions, TlsListenOptions, AccessPolicy {}

/** Options that `checkCredentials` checks. */
const UNCHECKED = {
  certFile: anything,
  keyFile: anything,
  passphrase: anything,
  caFile: anything,
  crlFile: anything,
  cert: anything,
  key: anything,
  ca: anything,
  crl: anything,
  secureContext: anything,
  minVersion: anything,
  requireClientCertificate: anything,
  weakKeys: anything,
} satisfies Checks<SecureContextInput>;

const CHECKS = {
  ...SERVER_CHECKS,
  ...TLS_CHECKS,
  ...UNCHECKED,
  ...POLICY_CHECKS,
  framing: (framing, path) => checkFraming(framing, 'mbap', path),
} satisfies Checks<TlsServerOptions>;

/**
 * A Modbus/TCP Security server (SEC): Modbus/TCP over TLS 1.2 or 1.3, both sides with certificates. `peer.role` is the
 * role from the client's certificate. `roles` and `authorize` decide what it may do; without them every admitted client
 * may do everything.
 */
export class ModbusTlsServer extends ModbusServer<AddressInfo, TlsEvents & DescriptorEvents> {
  readonly #transport: TlsTransport;

  /** @throws OptionsError with the paths of all wrong options, and the names of bad files. */
  constructor(options: TlsServerOptions) {
    checkObject(options, []);
    const { checked, credentials } = checkAll({
      checked: () => checkOptions(options, CHECKS),
      credentials: () => checkCredentials(options),
    });
    const { framing, limits, roles } = checked;
    const transport = new TlsTransport(checked, limits, options, credentials);
    super(checked, { framing, transport, policy: { roles, authorize: options.authorize } });
    this.#transport = transport;
  }

  /**
   * Reloads the certificate files, or uses these certificates in their place. New connections use them, earlier
   * sessions cannot be resumed, and open connections are closed if their clients would no longer be admitted
   * (`recheckClients`). Not for a `secureContext`.
   * @throws OptionsError if they are faulty; the old ones stay in use.
   */
  reloadCertificates(certificates?: TlsCertificateOptions): void {
    this.#transport.reload(certificates);
  }
}
