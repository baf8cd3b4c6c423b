import type { AddressInfo } from 'node:net';
import type { AccessPolicy } from '../access/roles.js';
import { checkKeys } from '../checks.js';
import { checkFraming } from '../framing/framings.js';
import { SERVER_OPTIONS } from '../server/options.js';
import { ModbusServer } from '../server/server.js';
import { IP_OPTIONS } from '../transport/ip-options.js';
import { NetTransport } from '../transport/net-transport.js';
import { CERTIFICATE_OPTIONS, type TlsCertificateOptions } from '../transport/tls/certificates.js';
import { TlsListener, type TlsListenerOptions } from '../transport/tls/listener.js';

export type { AccessPolicy, AuthorizationRequest, DeniedEvent, RoleRule, TableRange } from '../access/roles.js';
export type { RequestedRange } from '../functions/ranges.js';
export type { TlsCertificateOptions } from '../transport/tls/certificates.js';
export { type SecureContextInput, secureContextOptions, type TlsVersion } from '../transport/tls/context.js';
export type { WeakKeys } from '../transport/tls/keys.js';

/** Default port 802. `limits.connections` bounds the handshakes in progress, too; `limits.unsentBytes` is Node's own here. */
export interface TlsServerOptions extends TlsListenerOptions, AccessPolicy {}

const TLS_OPTIONS = [
  ...SERVER_OPTIONS,
  ...IP_OPTIONS,
  ...CERTIFICATE_OPTIONS,
  'secureContext',
  'minVersion',
  'requireClientCertificate',
  'roles',
  'authorize',
  'handshakeTimeout',
  'watchFiles',
  'recheckClients',
  'weakKeys',
] as const satisfies (keyof TlsServerOptions)[];

/**
 * A Modbus/TCP Security server (SEC): Modbus/TCP over TLS 1.2 or 1.3, both sides with certificates. `client.role` is the role from
 * the client's certificate; `roles` and `authorize` decide what it may do, and without them every client that was let in may do all.
 */
export class ModbusTlsServer extends ModbusServer<AddressInfo> {
  readonly #listener: TlsListener;

  /** @throws OptionsError with the path of the wrong option, and the name of a file that is no good. */
  constructor(options: TlsServerOptions) {
    checkKeys(options, TLS_OPTIONS);
    const listener = new TlsListener(options);
    super(options, checkFraming(options.framing, 'mbap', ['framing']), new NetTransport(listener), options);
    this.#listener = listener;
  }

  /**
   * Reads the certificate files again, or takes these certificates in their place. New connections use them, sessions from before
   * can't be resumed, and open connections are closed if they would not be let in any more (`recheckClients`). Not for a
   * `secureContext`.
   * @throws OptionsError if they are no good; the old ones stay in use.
   */
  reloadCertificates(certificates?: TlsCertificateOptions): void {
    this.#listener.reload(certificates);
  }
}
