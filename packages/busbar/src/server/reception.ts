import { ConnectionError } from '../errors.js';
import type { ServedLine } from '../framing/line.js';
import type { Peer } from '../peer.js';
import type { Link } from '../transport/link.js';
import type { TransportHost } from '../transport/transport.js';
import { Admission } from './admission.js';
import type { Announcer } from './events.js';
import { PeerSocket } from './peer-socket.js';
import type { Service } from './service.js';
import { Session } from './session.js';
import { Sessions } from './sessions.js';

/** How the kind of server shapes its connections. */
export interface ReceptionOptions {
  /** The line that is served, where there is one. */
  readonly line: ServedLine | undefined;
  /** Leaves unanswered the datagrams that come from a port of servers. */
  readonly refuseServers: boolean;
}

/** The program's server object, which tells of events. */
interface Program extends Announcer {
  /** Tells of an event of the transport. @returns whether anybody listens. */
  pass(event: string, details: unknown[]): boolean;
  /** The transport has ended: the server closes. */
  ended(): void;
}

/** What transports tell that is counted, too. */
const COUNTED: ReadonlyMap<PropertyKey, 'handshakesRefused' | 'descriptorShortages'> = new Map([
  ['refused', 'handshakesRefused'],
  ['descriptorShortage', 'descriptorShortages'],
]);

/**
 * Where a transport brings its connections and datagrams: lets them in within the limits, and tells the program of
 * them.
 */
export class Reception implements TransportHost {
  readonly sessions: Sessions = new Sessions();
  readonly #service: Service;
  readonly #admission: Admission;
  readonly #program: Program;
  readonly #options: ReceptionOptions;

  constructor(service: Service, program: Program, options: ReceptionOptions) {
    this.#service = service;
    this.#admission = new Admission(service.settings, service.faults);
    this.#program = program;
    this.#options = options;
  }

  connect(link: Link): Session | undefined {
    const { counters } = this.#service;
    if (this.sessions.closing || (this.#isFull && !this.#evict())) {
      counters.connectionsRefused++;
      return undefined;
    }
    counters.connectionsAccepted++;
    const session = new Session(this.#service, link, this.#options.line, this);
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

  disconnected(session: Session, error: Error | undefined): void {
    const { peer } = session;
    this.#service.faults.runHook(() => session.hooks?.disconnected?.(peer, error));
    this.#program.tell('disconnect', { peer, error });
    this.sessions.delete(session);
  }

  openSocket(peer: Peer): PeerSocket {
    const socket = new PeerSocket(this.#service, this.sessions, this.#program, peer, this.#options.refuseServers);
    this.#admission.admit(socket);
    return socket;
  }

  fail(error: Error): void {
    this.#program.report(error);
  }

  ended(): void {
    this.#program.ended();
  }

  tell(event: PropertyKey, ...details: unknown[]): boolean {
    const counter = COUNTED.get(event);
    if (counter !== undefined) this.#service.counters[counter]++;
    return this.#program.pass(String(event), details);
  }
}
