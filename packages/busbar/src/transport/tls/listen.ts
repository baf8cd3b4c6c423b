import type { X509Certificate } from 'node:crypto';
import type { AddressInfo, ListenOptions, Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { type ChecksTo, type Complete, checkBoolean, integer, withDefault } from '../../checks.js';
import { asError, BusbarError } from '../../errors.js';
import type { Peer } from '../../peer.js';
import { formatEndpoint, peerOf } from '../address.js';
import { type CheckedTcpPlace, IP_ADVICE, type IpListenOptions, listenOptions, tcpChecks } from '../ip-options.js';
import { type SocketLimits, socketOptions } from '../net/sockets.js';
import { type NetListener, NetTransport } from '../net/transport.js';
import { StreamLink } from '../stream/link.js';
import { tls } from './builtins.js';
import { certificateName, type TlsCertificateOptions } from './certificates.js';
import { peerCertificate, peerChain } from './chain.js';
import { type Credentials, canVerify, type SecureContextInput } from './context.js';
import { LiveCredentials } from './credentials.js';
import type { TlsEvents, TlsHost } from './events.js';
import { Handshakes } from './handshakes.js';
import { CertifiedPeers } from './peers.js';
import { certificateRefusal } from './refusals.js';
import { roleOf } from './role.js';
import { endOf } from './trust.js';

/** How a TLS server listens, and which clients it admits. */
export interface TlsListenOptions extends IpListenOptions, SecureContextInput {
  /** Time for a handshake, in milliseconds. Default 10000. */
  readonly handshakeTimeout?: number | undefined;
  /** Reloads the certificates when their files have changed. Default true. */
  readonly watchFiles?: boolean | undefined;
  /**
   * Whether connections are closed once their clients would no longer be admitted: after new lists or CAs, and when the
   * client's certificate or its CA expires. Default true.
   */
  readonly recheckClients?: boolean | undefined;
}

/** The port of Modbus/TCP Security. */
export const DEFAULT_TLS_PORT = 802;
const DEFAULT_HANDSHAKE_TIMEOUT = 10_000;
const MAX_TIME = 0x7fffffff;
/** Node's own deadline comes later and is only a fallback. */
const GRACE_MS = 1000;
const CHECK_PERIOD_MS = 1000;

type CheckedTlsOptions = CheckedTcpPlace &
  Complete<Omit<TlsListenOptions, keyof IpListenOptions | keyof SecureContextInput>>;

/** Checks of how a TLS server listens, except for its certificates. */
export const TLS_CHECKS: ChecksTo<CheckedTlsOptions> = {
  ...tcpChecks(DEFAULT_TLS_PORT),
  handshakeTimeout: withDefault(integer(1, MAX_TIME), DEFAULT_HANDSHAKE_TIMEOUT),
  watchFiles: withDefault(checkBoolean, true),
  recheckClients: withDefault(checkBoolean, true),
};

/** Bounds on what clients hold. */
export interface TlsLimits extends SocketLimits {
  /** Handshakes in progress; beyond this number the oldest is ended. */
  readonly connections: number;
}

/** Makes the `tls.Server`, and decides which of its connections are served. */
class TlsListener implements NetListener<TlsEvents> {
  readonly event = 'secureConnection';
  readonly listen: ListenOptions;
  readonly advice = IP_ADVICE;
  readonly #limits: TlsLimits;
  readonly #required: boolean;
  readonly #timeout: number;
  readonly #recheck: boolean;
  readonly #handshakes: Handshakes;
  readonly #credentials: LiveCredentials;
  readonly #peers = new CertifiedPeers();
  #host: TlsHost | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CheckedTlsOptions, limits: TlsLimits, input: SecureContextInput, credentials: Credentials) {
    this.#limits = limits;
    this.listen = listenOptions(options);
    this.#required = input.requireClientCertificate ?? true;
    this.#recheck = options.recheckClients;
    this.#timeout = options.handshakeTimeout;
    this.#handshakes = new Handshakes({ timeout: this.#timeout, count: limits.connections }, (peer, error) => {
      this.#host?.tell('refused', { peer, error });
    });
    this.#credentials = new LiveCredentials(input, credentials, options.watchFiles, () => void this.#recheckClients());
  }

  async create(host: TlsHost): Promise<Server> {
    await this.#credentials.refresh();
    this.#host = host;
    const { context } = this.#credentials;
    const server = tls().createServer({
      ...socketOptions(this.#limits),
      // Before the handshake is complete, a peer that ends its side has gone.
      allowHalfOpen: false,
      requestCert: canVerify(context),
      // Otherwise Node would close the connection without naming the certificate and its fault.
      rejectUnauthorized: false,
      handshakeTimeout: Math.min(this.#timeout + GRACE_MS, MAX_TIME),
    });
    this.#credentials.use(server);
    server.on('connection', (socket: Socket) => this.#handshakes.begin(socket, this.#credentials.context));
    server.on('tlsClientError', (error, socket) => this.#handshakes.failed(error, socket));
    server.on('listening', () => this.#listening(server, host));
    return server;
  }

  #listening(server: Server, host: TlsHost): void {
    this.#credentials.begin(server, host);
    this.#timer = setInterval(() => this.#checkTimes(), CHECK_PERIOD_MS).unref();
    if (this.#required) return;
    const { port } = server.address() as AddressInfo;
    const message = 'clients need no certificate (requireClientCertificate: false): anyone can connect, with no role';
    host.tell('warning', new BusbarError('CLIENT_CERTIFICATE_NOT_REQUIRED', `${this.describe(port)}: ${message}`));
  }

  #checkTimes(): void {
    const now = Date.now();
    this.#credentials.checkTimes(now);
    if (this.#recheck) this.#peers.cutEnded(now);
  }

  async #recheckClients(): Promise<void> {
    const [host, { trust }] = [this.#host, this.#credentials];
    if (!this.#recheck || host === undefined || trust === undefined) return;
    try {
      await this.#peers.recheck(trust);
    } catch (error) {
      host.fail(asError(error));
    }
  }

  reload(certificates?: TlsCertificateOptions): void {
    this.#credentials.reload(certificates);
  }

  link(socket: Socket): StreamLink | undefined {
    if (!(socket instanceof tls().TLSSocket)) return undefined;
    const credentials = this.#handshakes.succeeded(socket);
    // Even in a context made by the program. Node only reports an attempt, and does not stop it.
    if (socket.getProtocol() === 'TLSv1.2') socket.disableRenegotiation();
    socket.on('error', () => socket.destroy());
    // From now on, a peer may send its last request and end its side.
    socket.allowHalfOpen = true;
    const certificate = peerCertificate(socket);
    const stranger = peerOf('tls', socket);
    const problem = this.#problemOf(socket, certificate, credentials);
    if (problem !== undefined) {
      const subject = certificate && certificateName(certificate);
      this.#host?.tell('refused', { peer: stranger, error: certificateRefusal(problem, subject, peerChain(socket)) });
      socket.destroy();
      return undefined;
    }
    // TLS keeps the bytes until it has encrypted and sent them, so this is no SocketLink.
    if (certificate === undefined) return new StreamLink(socket, { ...stranger, role: null });
    const peer = { ...stranger, ...this.#identify(certificate, stranger) };
    return this.#peers.link(socket, peer, certificate);
  }

  /**
   * Faults that OpenSSL does not find: a missing certificate, and changes since its check, which may date from an older
   * session.
   */
  #problemOf(
    socket: TLSSocket,
    certificate: X509Certificate | undefined,
    since: object | undefined,
  ): string | undefined {
    if (certificate === undefined) return this.#required ? 'NO_CERTIFICATE' : undefined;
    if (!socket.authorized) return String(socket.authorizationError);
    const now = Date.now();
    if (now > endOf(certificate)) return 'CERT_HAS_EXPIRED';
    const ended = socket.isSessionReused() ? this.#credentials.endedSinceCheck(now) : undefined;
    return ended ?? this.#problemSince(socket, certificate, since);
  }

  /** New lists or CAs may have been loaded during the handshake. */
  #problemSince(socket: TLSSocket, certificate: X509Certificate, since: object | undefined): string | undefined {
    const { context, trust } = this.#credentials;
    return since === context ? undefined : trust?.problemOf(certificate, peerChain(socket), Date.now());
  }

  #identify(certificate: X509Certificate, peer: Peer): Omit<Peer, 'transport'> {
    const { serialNumber, fingerprint256 } = certificate;
    const subject = certificateName(certificate);
    const { role, problem: roleProblem } = roleOf(certificate.raw);
    if (roleProblem !== undefined) this.#tellRoleProblem(peer, subject, roleProblem);
    return { role, ...(roleProblem && { roleProblem }), certificate: { subject, serialNumber, fingerprint256 } };
  }

  #tellRoleProblem({ address, port }: Peer, subject: string, problem: string): void {
    const message = `${formatEndpoint(address, port)} (${subject}): the client has no role, because ${problem}`;
    this.#host?.tell('warning', new BusbarError('ROLE_UNREADABLE', message));
  }

  closing(): void {
    clearInterval(this.#timer);
    this.#credentials.end();
    this.#handshakes.abort();
  }

  describe(port: number | undefined): string {
    return formatEndpoint(this.listen.host, port ?? this.listen.port);
  }
}

/** Listens on a TCP port, and takes what comes over TLS. */
export class TlsTransport extends NetTransport<AddressInfo, TlsEvents> {
  readonly #listener: TlsListener;

  /** @param input what the credentials were made of, to make them again. */
  constructor(options: CheckedTlsOptions, limits: TlsLimits, input: SecureContextInput, credentials: Credentials) {
    const listener = new TlsListener(options, limits, input, credentials);
    super(listener);
    this.#listener = listener;
  }

  /** Reads the certificate files again, or takes these certificates in their place. @throws OptionsError */
  reload(certificates?: TlsCertificateOptions): void {
    this.#listener.reload(certificates);
  }
}
