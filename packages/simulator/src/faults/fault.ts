import type { HandledRequest, Peer } from 'busbar';
import { parseDuration } from '../duration.js';
import { Random } from '../random.js';
import type { FaultClock } from './clock.js';
import type { Delivery } from './delivery.js';
import { type Effect, type FaultKind, KINDS } from './kinds.js';
import { Match, type Place } from './match.js';
import type { FaultOptions } from './schema.js';

/** Why a fault is on or off now. */
export type SwitchReason = 'switched' | 'for' | 'times' | 'removed';

/** What a fault needs of the list that it is in. */
export interface FaultOwner {
  readonly clock: FaultClock;
  readonly seed: number;
  /** It was switched on or off. */
  switched(fault: Fault, why: SwitchReason): void;
}

interface Part {
  readonly kind: FaultKind;
  readonly effect: Effect;
}

/** One fault: whether it is on, and which requests it hits. */
export class Fault {
  readonly name: string;
  readonly options: Readonly<FaultOptions>;
  /** The requests, or connections, that it has hit since it was made. */
  injected = 0;
  readonly #match: Match;
  readonly #owner: FaultOwner;
  readonly #random: Random;
  readonly #parts: readonly Part[];
  #active = false;
  /** Requests that it was for, and those that it has hit, since it was switched on. */
  #seen = 0;
  #hit = 0;
  #cancel: () => void = () => undefined;
  /** When `for` is over, by `performance.now()`. */
  #end: number | undefined;

  /** @internal */
  constructor(options: FaultOptions, owner: FaultOwner) {
    this.name = options.name;
    this.options = options;
    this.#match = new Match(options);
    this.#owner = owner;
    this.#random = new Random(owner.seed, `fault ${options.name}`);
    this.#parts = Object.entries<FaultKind>(KINDS).flatMap(([key, kind]) => {
      const setting: unknown = Reflect.get(options, key);
      return setting === undefined ? [] : [{ kind, effect: kind.create(setting) }];
    });
  }

  get active(): boolean {
    return this.#active;
  }

  /** Milliseconds until it switches itself off; undefined if it does not by time. */
  get left(): number | undefined {
    return this.#end === undefined ? undefined : Math.max(0, this.#end - performance.now());
  }

  /** @internal */
  switch(on: boolean, why: SwitchReason = 'switched'): void {
    const was = this.#active;
    this.#cancel();
    this.#cancel = () => undefined;
    this.#end = undefined;
    this.#active = on;
    if (on) this.#begin();
    if (was !== on) this.#owner.switched(this, why);
  }

  #begin(): void {
    [this.#seen, this.#hit] = [0, 0];
    const { for: time } = this.options;
    if (time === undefined) return;
    const duration = parseDuration(time);
    this.#end = performance.now() + duration;
    this.#cancel = this.#owner.clock.after(duration, () => this.switch(false, 'for'));
  }

  /** Whether it has to do with the clients of a listener now. @internal */
  concerns(place: Place): boolean {
    return this.#active && this.#match.fitsPlace(place);
  }

  /** Whether it refuses a client that has just connected. @internal */
  refusesPeer(peer: Peer, place: Place): boolean {
    return this.options.refuse === true && this.concerns(place) && this.#match.fitsPeer(peer) && this.#decide();
  }

  /** Whether it hits a request, before that is carried out. @internal */
  hitsRequest(request: HandledRequest, place: Place): boolean {
    return this.concerns(place) && this.#match.fits(request) && this.#decide();
  }

  /** Whether it hits a reply: it does not if it can do nothing to it. @internal */
  hitsReply(request: HandledRequest, place: Place, delivery: Delivery): boolean {
    return this.#parts.some(({ kind }) => kind.fits(delivery)) && this.hitsRequest(request, place);
  }

  /** By count and chance: once for each request. */
  #decide(): boolean {
    const { every = 1, probability = 1, times } = this.options;
    this.#seen++;
    if (this.#seen % every !== 0 || this.#random.next() >= probability) return false;
    this.#hit++;
    this.injected++;
    if (this.#hit === times) this.switch(false, 'times');
    return true;
  }

  /** Does to a reply what it has of this kind. @returns that in words. @internal */
  apply(wanted: FaultKind, delivery: Delivery): string[] {
    const parts = this.#parts.filter(({ kind }) => kind === wanted && kind.fits(delivery));
    return parts.map(({ effect }) => effect(delivery, this.#random));
  }
}
