import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { PassedMessage } from 'busbar';
import type { BoundServer } from '../../listeners/server.js';

/** A request to another station on a line that somebody shares, and its reply. */
export interface PassedExchange {
  readonly bound: BoundServer;
  readonly request: PassedMessage;
  /** Undefined: none was heard. */
  readonly reply: PassedMessage | undefined;
  /** Milliseconds since 1970, when the request was there. */
  readonly time: number;
  /** The same as `performance.now()`, which has fractions. */
  readonly start: number;
  /** Milliseconds from the request to the reply. */
  readonly duration: number;
}

interface Open {
  readonly request: PassedMessage;
  readonly time: number;
  /** As `performance.now()`. */
  readonly start: number;
}

interface Follower {
  wants(): boolean;
  ended(exchange: PassedExchange): void;
}

/** Follows what other stations on the lines of servers say to each other. A reply without its request is left out. */
export class PassedExchanges {
  readonly #follower: Follower;
  readonly #servers = new Map<object, BoundServer>();
  /** The last request on the line of each server, without a reply yet. */
  readonly #open = new Map<BoundServer, Open>();
  readonly #heard = (message: unknown): void => this.#hear(message as PassedMessage);

  constructor(follower: Follower) {
    this.#follower = follower;
    this.resume();
  }

  follow(bound: BoundServer): void {
    this.#servers.set(bound.server, bound);
  }

  unfollow(bound: BoundServer): void {
    this.#servers.delete(bound.server);
    this.#open.delete(bound);
  }

  /** For good. */
  end(): void {
    this.pause();
  }

  pause(): void {
    unsubscribe('busbar:passed', this.#heard);
    this.#open.clear();
  }

  resume(): void {
    subscribe('busbar:passed', this.#heard);
  }

  #hear(message: PassedMessage): void {
    const bound = this.#servers.get(message.server);
    if (bound === undefined) return;
    const open = this.#open.get(bound);
    this.#open.delete(bound);
    if (open !== undefined) this.#end(bound, open, isAnswer(message, open) ? message : undefined);
    if (message.kind === 'request' && this.#follower.wants()) {
      this.#open.set(bound, { request: message, time: Date.now(), start: performance.now() });
    }
  }

  #end(bound: BoundServer, open: Open, reply: PassedMessage | undefined): void {
    this.#follower.ended({ ...open, bound, reply, duration: performance.now() - open.start });
  }
}

function isAnswer({ kind, unitId, request }: PassedMessage, open: Open): boolean {
  return kind === 'reply' && unitId === open.request.unitId && request !== undefined;
}
