import type { X509Certificate } from 'node:crypto';
import type { AddressInfo, ListenOptions, Socket } from 'node:net';
import { createServer, type SecureContext, type SecureContextOptions, type Server, TLSSocket } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../data/request.js';
import { asError, BusbarError, OptionsError } from '../errors.js';
import { checkFraming } from '../framing/framings.js';
import { checkBoolean, checkInteger, checkKeys } from '../options.js';
import { checkLimits, SERVER_OPTIONS } from '../server/options.js';
import type { AccessPolicy } from '../server/roles.js';
import { ModbusServer } from '../server/server.js';
import type { TransportHost } from '../server/transport.js';
import { FileWatch } from './file-watch.js';
import {
  checkListenOptions,
  formatEndpoint,
  IP_OPTIONS,
  type IpServerOptions,
  peerOf,
  socketOptions,
} from './ip-options.js';
import { type NetListener, NetTransport } from './net-transport.js';
import { CERTIFICATE_OPTIONS, certificateFiles, formatName, type TlsCertificateOptions } from './tls-certificates.js';
import { canVerify, type SecureContextInput, secureContextOptions, useContext } from './tls-context.js';
import { Handshakes } from './tls-handshakes.js';
import { certificateRefusal } from './tls-refusals.js';
import { roleOf } from './tls-role.js';

export type { RequestedRange } from '../functions/ranges.js';
export type { AccessPolicy, AuthorizationRequest, DeniedEvent, RoleRule, TableRange } from '../server/roles.js';
export type { TlsCertificateOptions } from './tls-certificates.js';
export { type SecureContextInput, secureContextOptions, type TlsVersion } from './tls-context.js';

/** Default port 802. `limits.connections` bounds the handshakes in progress, too; `limits.unsentBytes` is Node's own here. */
export interface TlsServerOptions extends IpServerOptions, SecureContextInput, AccessPolicy {
  /** Time for a handshake, in milliseconds. Default 10000. */
  readonly handshakeTimeout?: number;
  /** Takes the certificates anew when their files have changed. Default true. */
  readonly watchFiles?: boolean;
}

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
] as const satisfies (keyof TlsServerOptions)[];

const DEFAULT_PORT = 802;
const DEFAULT_HANDSHAKE_TIMEOUT = 10_000;
const MAX_TIME = 0x7fffffff;
/** Node's own deadline is only a second line. */
const GRACE_MS = 1000;

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
   * Takes the certificate files anew, or these certificates in their place. New connections use them, existing ones live on, and
   * sessions from before can't be resumed. Not for a `secureContext`.
   * @throws OptionsError if they are no good; the old ones stay in use.
   */
  reloadCertificates(certificates?: TlsCertificateOptions): void {
    this.#listener.reload(certificates);
  }
}

/** Makes the `tls.Server`, and decides which of its connections are served. */
class TlsListener implements NetListener {
  readonly event = 'secureConnection';
  readonly listen: ListenOptions;
  readonly #options: TlsServerOptions;
  readonly #required: boolean;
  readonly #timeout: number;
  readonly #watchFiles: boolean;
  readonly #handshakes: Handshakes;
  #certificates: SecureContextInput;
  #context: SecureContextOptions | SecureContext;
  #server: Server | undefined;
  #host: TransportHost | undefined;
  #watch: FileWatch | undefined;

  constructor(options: TlsServerOptions) {
    this.#options = options;
    this.listen = checkListenOptions(options, DEFAULT_PORT);
    this.#required = checkBoolean(options.requireClientCertificate ?? true, ['requireClientCertificate']);
    this.#watchFiles = checkBoolean(options.watchFiles ?? true, ['watchFiles']);
    this.#timeout = checkInteger(options.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT, 1, MAX_TIME, [
      'handshakeTimeout',
    ]);
    const { connections } = checkLimits(options.limits ?? {}, ['limits']);
    const refuse: TransportHost['refuse'] = (client, error) => this.#host?.refuse(client, error);
    this.#handshakes = new Handshakes({ timeout: this.#timeout, count: connections }, refuse);
    this.#certificates = options;
    this.#context = secureContextOptions(options);
    useContext(createServer(), this.#context);
  }

  create(host: TransportHost): Server {
    // Anew: the files may have changed since the program made the server.
    this.#context = secureContextOptions(this.#certificates);
    this.#host = host;
    const server = createServer({
      ...socketOptions(this.#options),
      // Until the handshake is done, a peer that sends no more is gone.
      allowHalfOpen: false,
      requestCert: canVerify(this.#context),
      rejectUnauthorized: this.#required,
      handshakeTimeout: Math.min(this.#timeout + GRACE_MS, MAX_TIME),
    });
    useContext(server, this.#context);
    server.on('connection', (socket: Socket) => this.#handshakes.begin(socket));
    server.on('tlsClientError', (error, socket) => this.#handshakes.failed(error, socket));
    server.on('listening', () => this.#listening(server, host));
    return server;
  }

  #listening(server: Server, host: TransportHost): void {
    this.#server = server;
    this.#startWatch();
    if (this.#required) return;
    const { port } = server.address() as AddressInfo;
    const message = 'clients need no certificate (requireClientCertificate: false): anyone can connect, with no role';
    host.warn(new BusbarError('CLIENT_CERTIFICATE_NOT_REQUIRED', `${this.describe(port)}: ${message}`));
  }

  #startWatch(): void {
    this.#watch?.stop();
    const files = certificateFiles(this.#certificates);
    this.#watch = this.#watchFiles && files.length > 0 ? new FileWatch(files, () => this.#filesChanged()) : undefined;
  }

  #filesChanged(): void {
    try {
      this.reload();
    } catch (error) {
      this.#host?.fail(asError(error));
    }
  }

  reload(certificates?: TlsCertificateOptions): void {
    if (certificates !== undefined) checkKeys(certificates, CERTIFICATE_OPTIONS, ['certificates']);
    if (this.#options.secureContext !== undefined) {
      throw new OptionsError(['secureContext'], 'there are no files to reload, as the server was given its context');
    }
    const { minVersion, requireClientCertificate } = this.#options;
    const input =
      certificates === undefined ? this.#certificates : { ...certificates, minVersion, requireClientCertificate };
    const context = secureContextOptions(input);
    if (isSameContext(context, this.#context)) return;
    useContext(this.#server ?? createServer(), context);
    this.#context = context;
    if (input !== this.#certificates) {
      this.#certificates = input;
      if (this.#server !== undefined) this.#startWatch();
    }
    this.#host?.certificatesReloaded();
  }

  clientOf = (socket: Socket): Client | undefined => {
    if (!(socket instanceof TLSSocket)) return undefined;
    this.#handshakes.succeeded(socket);
    // Also in a context that the program made. Node only tells of an attempt, it does not end it.
    if (socket.getProtocol() === 'TLSv1.2') socket.disableRenegotiation();
    socket.on('error', () => socket.destroy());
    // From here on a peer may send its last request and end its side.
    socket.allowHalfOpen = true;
    const certificate = socket.getPeerX509Certificate();
    const peer = { transport: 'tls', ...peerOf(socket) };
    const problem = this.#problemOf(socket, certificate);
    if (problem !== undefined) {
      this.#host?.refuse(peer, certificateRefusal(problem));
      socket.destroy();
      return undefined;
    }
    return {
      ...peer,
      role: certificate === undefined ? null : roleOf(certificate.raw),
      ...describeClient(certificate),
    };
  };

  /** What Node lets pass: a bad certificate where none is needed, and a resumed session whose certificate has expired meanwhile. */
  #problemOf(socket: TLSSocket, certificate: X509Certificate | undefined): string | undefined {
    if (certificate === undefined) return this.#required ? 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' : undefined;
    if (!socket.authorized) return String(socket.authorizationError);
    return Date.now() > Date.parse(certificate.validTo) ? 'CERT_HAS_EXPIRED' : undefined;
  }

  closing(): void {
    this.#watch?.stop();
    this.#server = undefined;
    this.#handshakes.abort();
  }

  describe(port: number | undefined): string {
    return formatEndpoint(this.listen.host, port ?? this.listen.port);
  }
}

function describeClient(certificate: X509Certificate | undefined): Pick<Client, 'certificate'> {
  if (certificate === undefined) return {};
  const { subject, serialNumber, fingerprint256 } = certificate;
  return { certificate: { subject: formatName(subject), serialNumber, fingerprint256 } };
}

/** Nothing has changed but the keys that each context has of its own. */
function isSameContext(a: SecureContextOptions | SecureContext, b: SecureContextOptions | SecureContext): boolean {
  return isDeepStrictEqual({ ...a, ticketKeys: undefined }, { ...b, ticketKeys: undefined });
}
