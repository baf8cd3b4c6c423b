import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { PassedMessage, Peer } from 'busbar';
import type { BoundServer } from '../listeners/server.js';
import { exchangeEvent, passedEvent } from './exchange.js';
import { type EndedExchange, Exchanges } from './exchanges.js';
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

/** Logs every request to servers and what becomes of it, by their traces. Nothing is traced unless this exists. */
export class RequestLog {
  readonly #log: Logger;
  readonly #servers = new Map<object, BoundServer>();
  readonly #repeats: Repeats;
  readonly #exchanges: Exchanges;
  readonly #passed = (message: unknown): void => this.#pass(message as PassedMessage);

  constructor(log: Logger) {
    this.#log = log;
    this.#repeats = new Repeats(LIMIT, (level, event) => log.log(level, event));
    this.#exchanges = new Exchanges({
      wants: (bound, peer) => this.#allows(bound, peer),
      ended: (exchange) => this.#ended(exchange),
    });
    subscribe('busbar:passed', this.#passed);
  }

  follow(bound: BoundServer): void {
    this.#servers.set(bound.server, bound);
    this.#exchanges.follow(bound);
  }

  unfollow(bound: BoundServer): void {
    this.#servers.delete(bound.server);
    this.#exchanges.unfollow(bound);
  }

  /** Ends it: says what was left out. */
  end(): void {
    unsubscribe('busbar:passed', this.#passed);
    this.#exchanges.end();
    this.#repeats.end();
  }

  #allows({ name: listener }: BoundServer, peer?: Peer): boolean {
    return this.#repeats.allows('debug', { event: 'request', text: '', listener, ...(peer && { peer }) });
  }

  #ended(exchange: EndedExchange): void {
    this.#log.log('debug', exchangeEvent(exchange, exchange.reply, exchange.duration));
  }

  #pass(message: PassedMessage): void {
    const bound = this.#servers.get(message.server);
    if (bound !== undefined && this.#allows(bound)) this.#log.log('debug', passedEvent(bound.name, message));
  }
}
