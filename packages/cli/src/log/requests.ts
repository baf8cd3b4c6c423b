import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FileWriteEvent, PassedMessage, Peer, TraceMessage, Unit, WriteEvent } from 'busbar';
import { requestedRanges } from 'busbar/protocol';
import type { BoundServer } from '../listeners/server.js';
import { type Answer, type Exchange, exchangeEvent, passedEvent } from './exchange.js';
import type { Logger } from './logger.js';
import { type Limit, Repeats } from './repeats.js';

/** How many requests of one client are logged. */
const LIMIT: Limit = {
  lines: 100,
  period: 1000,
  more: (count, seconds, { listener = '', peer }) => {
    const when = seconds === 1 ? 'second' : `${seconds} seconds`;
    const text = `… ${count.toLocaleString('en')} more requests to ${listener} in the last ${when}`;
    return { event: 'requestsLeftOut', text, listener, peer: { address: peer?.address }, count, seconds };
  },
};

interface Open extends Exchange {
  /** As `performance.now()`. */
  readonly start: number;
}

/** Logs every request to servers and what becomes of it, by their traces. Nothing is traced unless this exists. */
export class RequestLog {
  readonly #log: Logger;
  readonly #servers = new Map<object, BoundServer>();
  readonly #repeats: Repeats;
  /** Requests of each client without a reply yet, in their order. */
  readonly #open = new Map<Peer, Open[]>();
  readonly #watched = new WeakSet<Unit>();
  readonly #listeners: readonly [string, (message: unknown) => void][] = [
    ['busbar:request', (message) => this.#asked(message as TraceMessage)],
    ['busbar:reply', (message) => this.#replied(message as TraceMessage)],
    ['busbar:unanswered', (message) => this.#ended(message as TraceMessage, undefined)],
    ['busbar:passed', (message) => this.#passed(message as PassedMessage)],
  ];

  constructor(log: Logger) {
    this.#log = log;
    this.#repeats = new Repeats(LIMIT, (level, event) => log.log(level, event));
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
  }

  follow(bound: BoundServer): void {
    this.#servers.set(bound.server, bound);
  }

  unfollow(bound: BoundServer): void {
    this.#servers.delete(bound.server);
  }

  /** Ends it: says what was left out. */
  end(): void {
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
    this.#repeats.end();
  }

  #asked(request: TraceMessage): void {
    const { server, peer, unit } = request;
    const bound = this.#servers.get(server);
    if (bound === undefined || !this.#allows(bound, peer)) return;
    for (const each of unit === undefined ? bound.server.units : [unit]) this.#watch(each);
    const open = this.#open.get(peer) ?? [];
    this.#open.set(peer, open);
    open.push({ listener: bound.name, request, written: [], start: performance.now() });
  }

  #allows({ name: listener }: BoundServer, peer?: Peer): boolean {
    return this.#repeats.allows('debug', { event: 'request', text: '', listener, ...(peer && { peer }) });
  }

  #replied({ request, ...answer }: TraceMessage): void {
    if (request !== undefined) this.#ended(request, answer);
  }

  #ended(request: TraceMessage, answer: Answer | undefined): void {
    const open = this.#open.get(request.peer);
    const exchange = open?.find((each) => each.request === request);
    if (open === undefined || exchange === undefined) return;
    open.splice(open.indexOf(exchange), 1);
    if (open.length === 0) this.#open.delete(request.peer);
    this.#log.log('debug', exchangeEvent(exchange, answer, performance.now() - exchange.start));
  }

  #passed(message: PassedMessage): void {
    const bound = this.#servers.get(message.server);
    if (bound !== undefined && this.#allows(bound)) this.#log.log('debug', passedEvent(bound.name, message));
  }

  /** What a request replaces is only known while it is carried out. */
  #watch(unit: Unit): void {
    if (this.#watched.has(unit)) return;
    this.#watched.add(unit);
    unit.on('write', (event) => this.#wrote(event, ({ pdu }) => writes(pdu, event)));
    unit.on('fileWrite', (event) => this.#wrote(event, ({ pdu }) => pdu[0] === WRITE_FILE_RECORD));
  }

  /** A client's writes to a unit are carried out in their order. */
  #wrote(event: WriteEvent | FileWriteEvent, isCause: (request: TraceMessage) => boolean): void {
    const open = this.#open.get(event.peer) ?? [];
    open.find(({ request }) => leadsTo(request, event.unit) && isCause(request))?.written.push(event);
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
