import { BusbarError, type ConnectionError } from '../errors.js';
import type { Peer } from '../peer.js';
import { Tally } from '../tally.js';
import { formatEndpoint } from '../transport/address.js';
import type { DatagramReceiver } from '../transport/transport.js';
import type { Applicant } from './admission.js';
import { Datagram, peerName } from './datagram.js';
import { EchoGuard } from './echo-guard.js';
import type { Announcer } from './events.js';
import type { RequestHandler } from './request-handler.js';
import { addServerPort, deleteServerPort, isServer } from './server-ports.js';
import type { Service } from './service.js';
import type { Sessions } from './sessions.js';

/** A socket without connections: lets datagrams in within the limits. One request handler serves all its peers. */
export class PeerSocket implements Applicant, DatagramReceiver {
  readonly peer: Peer;
  readonly closeReason = undefined;
  hooks: RequestHandler | undefined;
  waiting = true;
  readonly ready: Promise<void>;
  readonly #service: Service;
  readonly #sessions: Sessions;
  readonly #program: Announcer;
  readonly #refuseServers: boolean;
  readonly #echoes: EchoGuard;
  /** Datagrams of each peer that are in progress: there is no connection that could be paused. */
  readonly #inProgress = new Tally<string>();
  #settle: { readonly admitted: () => void; readonly refused: (reason: ConnectionError) => void } | undefined;
  #warned = false;

  /** @param refuseServers leaves unanswered what comes from a port of servers. */
  constructor(service: Service, sessions: Sessions, program: Announcer, peer: Peer, refuseServers: boolean) {
    this.#service = service;
    this.#sessions = sessions;
    this.#program = program;
    this.peer = peer;
    this.#refuseServers = refuseServers;
    this.#echoes = new EchoGuard(service.functions);
    this.ready = new Promise((admitted, refused) => {
      this.#settle = { admitted, refused };
    });
    // A transport that doesn't wait for it has its datagrams dropped.
    this.ready.catch(() => undefined);
    addServerPort(peer);
  }

  admit(hooks: RequestHandler | undefined): void {
    this.hooks = hooks;
    this.waiting = false;
    this.#settle?.admitted();
  }

  refuse(reason: ConnectionError): void {
    this.#settle?.refused(reason);
  }

  receive(bytes: Uint8Array, peer: Peer, send: (reply: Uint8Array) => unknown): void {
    if (this.#refuseServers && isServer(peer)) this.#refuse(peer);
    else if (this.#sessions.closing || this.waiting || !this.#hasRoomFor(peer)) this.#service.counters.framesDropped++;
    else this.#serve(bytes, peer, send);
  }

  /** Counted each time, but told once: forged addresses could fill a log. */
  #refuse({ address, port }: Peer): void {
    this.#service.counters.datagramsRefused++;
    if (this.#warned) return;
    this.#warned = true;
    const here = `${this.peer.transport} ${formatEndpoint(this.peer.address, this.peer.port)}`;
    const from = formatEndpoint(address, port);
    const advice = 'for a client that sends from there, set allowServerPorts: true';
    const message = `${here}: datagrams from ${from} get no reply, because that is a server's port; ${advice}`;
    this.#program.tell('warning', new BusbarError('SERVER_PORT', message));
  }

  /** For one more datagram of this peer. No peer may take the room of all others. */
  #hasRoomFor(peer: Peer): boolean {
    const { connections, requestsInProgress } = this.#service.settings.limits;
    if (this.#sessions.size >= connections) return false;
    return peer.address === undefined || this.#inProgress.of(peerName(peer)) < requestsInProgress;
  }

  #serve(bytes: Uint8Array, peer: Peer, send: (reply: Uint8Array) => unknown): void {
    const datagram = new Datagram(this.#service, {
      peer,
      hooks: this.hooks,
      echoes: this.#echoes,
      send,
      failed: (error) => this.failed(error),
      done: (gone) => {
        this.#inProgress.delete(gone.owner);
        this.#sessions.delete(gone);
      },
    });
    this.#inProgress.add(datagram.owner);
    this.#sessions.add(datagram);
    datagram.receive(bytes);
  }

  failed(error: Error): void {
    this.#service.faults.runHook(() => this.hooks?.error?.(error, this.peer));
    this.#program.report(error);
  }

  closed(error: Error | undefined): void {
    this.waiting = false;
    deleteServerPort(this.peer);
    this.#service.faults.runHook(() => this.hooks?.disconnected?.(this.peer, error));
  }
}
