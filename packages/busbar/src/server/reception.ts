import { BusbarError, ConnectionError } from '../errors.js';
import type { Peer } from '../peer.js';
import { Tally } from '../tally.js';
import type { Link } from '../transport/link.js';
import type { TransportHost } from '../transport/transport.js';
import { Admission } from './admission.js';
import { Datagram, peerName } from './datagram.js';
import { EchoGuard } from './echo-guard.js';
import type { CertificateExpiresEvent, DescriptorEvents, PortEvents, ServerEvents } from './events.js';
import { PeerSocket } from './peer-socket.js';
import type { Service } from './service.js';
import { Session } from './session.js';
import { Sessions } from './sessions.js';

/** Tells the program of a server's events. */
export interface Announcer {
  tell<E extends keyof ServerEvents>(event: E, ...details: ServerEvents[E]): void;
  report(error: Error): void;
  listenerCount(event: keyof ServerEvents): number;
}

/** Where a transport brings its connections and datagrams: lets them in within the limits, and tells the program of them. */
export class Reception implements TransportHost {
  readonly sessions = new Sessions();
  /** The server is closing: nobody is let in. */
  closing = false;
  readonly #service: Service;
  readonly #admission: Admission;
  readonly #program: Announcer;
  /** Datagrams of each peer that are in progress: there is no connection that could be paused. */
  readonly #peers = new Tally<string>();
  /** From the first datagram on. */
  #echoes: EchoGuard | undefined;
  /** Of a transport without connections. */
  #socket: PeerSocket | undefined;

  constructor(service: Service, program: Announcer) {
    this.#service = service;
    this.#admission = new Admission(service.settings, service.faults);
    this.#program = program;
  }

  peers(): Peer[] {
    return this.sessions.all().map(({ peer }) => peer);
  }

  cut(errorFor: (peer: Peer) => ConnectionError | undefined): number {
    return this.sessions.cut(errorFor);
  }

  connect(link: Link): Session | undefined {
    const { counters } = this.#service;
    if (this.closing || (this.#isFull && !this.#evict())) {
      counters.connectionsRefused++;
      return undefined;
    }
    counters.connectionsAccepted++;
    const session = new Session(this.#service, link);
    this.sessions.add(session);
    this.#admission.admit(session);
    this.#program.tell('connect', { peer: link.peer });
    return session;
  }

  get #isFull(): boolean {
    return this.sessions.size >= this.#service.settings.limits.connections;
  }

  /** Closes the oldest unused connection outside the priority pool (TG, clause 4.2.1). */
  #evict(): boolean {
    const { priorityClients } = this.#service.settings;
    const oldest = this.sessions.longestUnused((peer) => !priorityClients.has(peer));
    if (oldest === undefined) return false;
    this.#service.counters.connectionsEvicted++;
    this.sessions.delete(oldest);
    oldest.destroy(new ConnectionError('CONNECTION_LIMIT', 'closed for a new connection, as the longest unused one'));
    return true;
  }

  disconnect(session: Session, error: Error | undefined): void {
    const reason = session.closeReason ?? error;
    this.#service.faults.runHook(() => session.hooks?.disconnected?.(session.peer, reason));
    this.#program.tell('disconnect', { peer: session.peer, error: reason });
    session.closed();
    this.sessions.delete(session);
  }

  openSocket(peer: Peer): Promise<void> {
    const socket = new PeerSocket(peer);
    this.#socket = socket;
    this.#admission.admit(socket);
    return socket.admitted;
  }

  closeSocket(error: Error | undefined): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.close();
    this.#service.faults.runHook(() => socket.hooks?.disconnected?.(socket.peer, error));
  }

  datagram(bytes: Uint8Array, peer: Peer, send: (reply: Uint8Array) => unknown): void {
    if (this.closing || this.#socket?.waiting !== false || !this.#hasRoomFor(peer)) {
      this.#service.counters.framesDropped++;
      return;
    }
    this.#echoes ??= new EchoGuard(this.#service.functions);
    const datagram = new Datagram(this.#service, {
      peer,
      hooks: this.#socket.hooks,
      echoes: this.#echoes,
      send,
      failed: (error) => this.fail(error),
      done: (gone) => {
        this.#peers.delete(gone.owner);
        this.sessions.delete(gone);
      },
    });
    this.#peers.add(datagram.owner);
    this.sessions.add(datagram);
    datagram.receive(bytes);
  }

  /** For one more datagram of the client. No peer may take the room of all others. */
  #hasRoomFor(peer: Peer): boolean {
    if (this.#isFull) return false;
    const { requestsInProgress } = this.#service.settings.limits;
    return peer.address === undefined || this.#peers.of(peerName(peer)) < requestsInProgress;
  }

  refuseDatagram(): void {
    this.#service.counters.datagramsRefused++;
  }

  fail(error: Error): void {
    const { peer, hooks } = this.#socket ?? {};
    if (peer !== undefined) this.#service.faults.runHook(() => hooks?.error?.(error, peer));
    this.#program.report(error);
  }

  refuse(peer: Peer, error: ConnectionError): void {
    this.#service.counters.handshakesRefused++;
    this.#program.tell('refused', { peer, error });
  }

  warn(warning: Error): void {
    if (this.#program.listenerCount('warning') > 0) this.#program.tell('warning', warning);
    else process.emitWarning(warning);
  }

  certificateExpires(event: CertificateExpiresEvent): void {
    if (this.#program.listenerCount('certificateExpires') > 0) this.#program.tell('certificateExpires', event);
    else this.warn(new BusbarError('CERTIFICATE_EXPIRES', event.message));
  }

  certificatesReloaded(): void {
    this.#program.tell('certificatesReloaded');
  }

  descriptorShortage(): void {
    this.#service.counters.descriptorShortages++;
  }

  descriptorsExhausted(...event: DescriptorEvents['descriptorsExhausted']): void {
    this.#program.tell('descriptorsExhausted', ...event);
  }

  descriptorsFreed(...event: DescriptorEvents['descriptorsFreed']): void {
    this.#program.tell('descriptorsFreed', ...event);
  }

  portLost(...event: PortEvents['portLost']): void {
    this.#program.tell('portLost', ...event);
  }

  portAwaited(...event: PortEvents['portAwaited']): void {
    this.#program.tell('portAwaited', ...event);
  }

  portOpened(...event: PortEvents['portOpened']): void {
    this.#program.tell('portOpened', ...event);
  }
}
