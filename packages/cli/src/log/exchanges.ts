import { channel } from 'node:diagnostics_channel';
import type { FileWriteEvent, Peer, TraceMessage, Unit, WriteEvent } from 'busbar';
import { requestedRanges } from 'busbar/protocol';
import type { BoundServer } from '../listeners/server.js';
import type { Exchange } from './exchange.js';

/** Who is told of the requests to servers. */
interface Follower {
  /** Whether a request is of interest; of others nothing more is told. */
  wants(bound: BoundServer, peer: Peer): boolean;
  ended(exchange: EndedExchange): void;
}

/** A request of which it is clear what becomes of it. */
export interface EndedExchange extends Exchange {
  readonly bound: BoundServer;
  /** Undefined: there is none. */
  readonly reply: TraceMessage | undefined;
  /** Milliseconds since 1970, when the request came. */
  readonly time: number;
  /** The same as `performance.now()`, which has fractions. */
  readonly start: number;
  /** Milliseconds from the request to the reply. */
  readonly duration: number;
}

interface Open extends Exchange {
  readonly bound: BoundServer;
  readonly time: number;
  /** As `performance.now()`. */
  readonly start: number;
}

type Listener = (message: unknown) => void;

/** Follows requests to servers and what becomes of each, by their traces. These cost time, but not while it pauses. */
export class Exchanges {
  readonly #follower: Follower;
  readonly #servers = new Map<object, BoundServer>();
  /** Requests of each client without a reply yet, in their order. */
  readonly #open = new Map<Peer, Open[]>();
  readonly #watched = new Set<Unit>();
  readonly #requests = new Subscription({ 'busbar:request': (message) => this.#asked(message as TraceMessage) });
  readonly #replies = new Subscription({
    'busbar:reply': (message) => this.#replied(message as TraceMessage),
    'busbar:unanswered': (message) => this.#ended(message as TraceMessage, undefined),
  });

  constructor(follower: Follower) {
    this.#follower = follower;
    this.resume();
  }

  follow(bound: BoundServer): void {
    this.#servers.set(bound.server, bound);
  }

  unfollow(bound: BoundServer): void {
    this.#servers.delete(bound.server);
  }

  /** Of requests that come from now on nothing is told; of those before the rest is. */
  pause(): void {
    this.#requests.end();
    if (this.#open.size === 0) this.#replies.end();
  }

  resume(): void {
    this.#requests.begin();
    this.#replies.begin();
  }

  /** For good. */
  end(): void {
    this.#open.clear();
    this.pause();
    for (const unit of this.#watched) this.#unwatch(unit);
  }

  #asked(request: TraceMessage): void {
    const { server, peer, unit } = request;
    const bound = this.#servers.get(server);
    if (bound === undefined || !this.#follower.wants(bound, peer)) return;
    for (const each of unit === undefined ? bound.server.units : [unit]) this.#watch(each);
    const open = this.#open.get(peer) ?? [];
    this.#open.set(peer, open);
    open.push({ bound, listener: bound.name, request, written: [], time: Date.now(), start: performance.now() });
  }

  #replied(reply: TraceMessage): void {
    if (reply.request !== undefined) this.#ended(reply.request, reply);
  }

  #ended(request: TraceMessage, reply: TraceMessage | undefined): void {
    const open = this.#open.get(request.peer);
    const exchange = open?.find((each) => each.request === request);
    if (open === undefined || exchange === undefined) return;
    open.splice(open.indexOf(exchange), 1);
    if (open.length === 0) this.#open.delete(request.peer);
    this.#follower.ended({ ...exchange, reply, duration: performance.now() - exchange.start });
    if (this.#open.size === 0 && !this.#requests.begun) this.#replies.end();
  }

  /** What a request replaces is only known while it is carried out. */
  #watch(unit: Unit): void {
    if (this.#watched.has(unit)) return;
    this.#forgetGone();
    this.#watched.add(unit);
    unit.on('write', this.#wrote).on('fileWrite', this.#wroteFile);
  }

  #unwatch(unit: Unit): void {
    this.#watched.delete(unit);
    unit.off('write', this.#wrote).off('fileWrite', this.#wroteFile);
  }

  /** Units that a reload has replaced. */
  #forgetGone(): void {
    const served = new Set([...this.#servers.values()].flatMap(({ server }) => [...server.units]));
    for (const unit of this.#watched) if (!served.has(unit)) this.#unwatch(unit);
  }

  readonly #wrote = (event: WriteEvent): void => this.#note(event, ({ pdu }) => writes(pdu, event));
  readonly #wroteFile = (event: FileWriteEvent): void => this.#note(event, ({ pdu }) => pdu[0] === WRITE_FILE_RECORD);

  /** A client's writes to a unit are carried out in their order. */
  #note(event: WriteEvent | FileWriteEvent, isCause: (request: TraceMessage) => boolean): void {
    const open = this.#open.get(event.peer) ?? [];
    open.find(({ request }) => leadsTo(request, event.unit) && isCause(request))?.written.push(event);
  }
}

/** Listeners of channels, which subscribe together. */
class Subscription {
  begun = false;
  readonly #listeners: Readonly<Record<string, Listener>>;

  constructor(listeners: Readonly<Record<string, Listener>>) {
    this.#listeners = listeners;
  }

  begin(): void {
    if (this.begun) return;
    this.begun = true;
    for (const [name, listener] of Object.entries(this.#listeners)) channel(name).subscribe(listener);
  }

  end(): void {
    if (!this.begun) return;
    this.begun = false;
    for (const [name, listener] of Object.entries(this.#listeners)) channel(name).unsubscribe(listener);
  }
}

const WRITE_FILE_RECORD = 0x15;

/** A broadcast leads to all units. */
function leadsTo(request: TraceMessage, unit: Unit): boolean {
  return request.unit === undefined || request.unit === unit;
}

function writes(pdu: Uint8Array, { table, address }: WriteEvent): boolean {
  return requestedRanges(pdu).some((range) => range.table === table && range.address === address);
}
