import { EventEmitter } from 'node:events';
import type { PassedMessage, TraceMessage } from 'busbar';
import type { Device } from '../../device/device.js';
import type { BoundServer } from '../../listeners/server.js';
import { type EndedExchange, Exchanges } from '../../log/exchanges.js';
import type { Exchange } from '../contract.js';
import { Ring } from '../ring.js';
import { exchangeToJson, passedToJson } from './exchange.js';
import { type PassedExchange, PassedExchanges } from './passed.js';

/** An exchange, and the frames that it was. */
export interface Recorded {
  readonly exchange: Exchange;
  readonly bound: BoundServer;
  /** When the request came, as `performance.now()`. */
  readonly start: number;
  /** Milliseconds from it to the reply. */
  readonly duration: number;
  readonly request: TraceMessage | PassedMessage;
  readonly reply: TraceMessage | PassedMessage | undefined;
}

interface TrafficEvents {
  exchange: [recorded: Recorded];
  /** So many requests were not recorded, as there were too many. */
  leftOut: [count: number];
}

const MOST_EXCHANGES = 10_000;
const MOST_BYTES = 16 * 2 ** 20;
/** What an exchange takes in memory, about: its objects, and its bytes in several forms. */
const BYTES_EACH = 1500;
const BYTES_PER_BYTE = 12;

/** In milliseconds. It is so long because whoever subscribes to traces makes V8 compile the way of a request again. */
const WINDOW = 1000;
/** Recorded in a window. */
const MOST_IN_WINDOW = 500;
/** Requests in a window that leave no time to record so many. */
const FLOOD = 5000;
const MOST_IN_FLOOD = 100;

/**
 * The last requests and their replies. So that serving is not slowed, of very many requests only some are recorded: when
 * there have been enough, nothing is traced until the window is over.
 */
export class Traffic extends EventEmitter<TrafficEvents> {
  readonly #device: Device;
  readonly #ring = new Ring<Recorded>(MOST_EXCHANGES, MOST_BYTES);
  #followers: readonly (Exchanges | PassedExchanges)[] = [];
  #lastId = 0;
  #most = MOST_IN_WINDOW;
  #inWindow = 0;
  #leftOut = 0;
  /** As `performance.now()`. */
  #windowEnd = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(device: Device) {
    super();
    this.#device = device;
  }

  /** From now on, requests are recorded. */
  start(): void {
    const wants = () => this.#wants();
    this.#followers = [
      new Exchanges({ wants, ended: (exchange) => this.#record(exchange, exchangeToJson(exchange, this.#nextId())) }),
      new PassedExchanges({
        wants,
        ended: (exchange) => this.#record(exchange, passedToJson(exchange, this.#nextId())),
      }),
    ];
    for (const bound of this.#device.boundServers) this.#added(bound);
    this.#device.on('added', this.#added).on('closed', this.#closed);
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const follower of this.#followers) follower.end();
    this.#device.off('added', this.#added).off('closed', this.#closed);
  }

  newestFirst(): Iterable<Recorded> {
    return this.#ring.newestFirst();
  }

  readonly #added = (bound: BoundServer): void => {
    for (const follower of this.#followers) follower.follow(bound);
  };

  readonly #closed = (bound: BoundServer): void => {
    for (const follower of this.#followers) follower.unfollow(bound);
  };

  #nextId(): number {
    this.#lastId++;
    return this.#lastId;
  }

  #record({ bound, start, duration, request, reply }: EndedExchange | PassedExchange, exchange: Exchange): void {
    const recorded = { exchange, bound, start, duration, request, reply };
    const bytes = request.pdu.length + (reply?.pdu.length ?? 0);
    this.#ring.push(recorded, BYTES_EACH + BYTES_PER_BYTE * bytes);
    this.emit('exchange', recorded);
  }

  #wants(): boolean {
    const now = performance.now();
    if (now >= this.#windowEnd) this.#beginWindow(now);
    this.#inWindow++;
    if (this.#inWindow <= this.#most) return true;
    this.#pause(this.#windowEnd - now);
    return false;
  }

  #beginWindow(now: number): void {
    this.#windowEnd = now + WINDOW;
    this.#most = this.#leftOut > FLOOD ? MOST_IN_FLOOD : MOST_IN_WINDOW;
    this.#inWindow = 0;
    this.#leftOut = 0;
  }

  #pause(time: number): void {
    for (const follower of this.#followers) follower.pause();
    const before = this.#requests();
    this.#timer = setTimeout(() => {
      this.#windowEnd = 0;
      this.#leftOut = Math.max(0, this.#requests() - before);
      for (const follower of this.#followers) follower.resume();
      this.emit('leftOut', this.#leftOut);
    }, time).unref();
  }

  /** All that were ever served. */
  #requests(): number {
    return this.#device.boundServers.reduce((sum, { server }) => sum + server.counters.requests, 0);
  }
}
