import type { EventData, EventType } from '../contract.js';
import { Ring } from '../ring.js';
import { Supply } from './supply.js';

/** Something that has happened. */
export interface FeedEvent {
  /** Grows by one with each. */
  readonly id: number;
  /** `start`: a source has begun, perhaps again. That is told to nobody. */
  readonly type: EventType | 'start';
  /** Its data. */
  readonly json: string;
}

export type Publish = <T extends EventType>(type: T, data: EventData<T>) => void;

/** Where events come from. It costs only while somebody wants them. */
export interface Source {
  readonly type: EventType;
  /** @returns a function that ends it. */
  start(publish: Publish): Stop;
}

export type Stop = () => void;

/** What somebody wants. */
export interface Hold {
  /** Whoever has read the event with this id, or a later one, has missed nothing. */
  readonly since: number;
  /** Somebody does not want it any more. */
  release(): void;
}

const MOST_EVENTS = 10_000;
const MOST_BYTES = 8 * 2 ** 20;
/** Milliseconds for which sources go on when nobody is there any more: whoever was cut off comes back. */
const LINGER = 30_000;

/** One feed of all that happens. The last events are kept, whoever wants them. */
export class Feed {
  readonly #ring = new Ring<FeedEvent>(MOST_EVENTS, MOST_BYTES);
  readonly #supplies: ReadonlyMap<EventType, Supply>;
  readonly #listeners = new Set<(event: FeedEvent) => void>();
  /** Grows beyond those of the command's last life, if that has not told more than a thousand events a millisecond. */
  #lastId = Date.now() * 1000;
  readonly #firstId = this.#lastId + 1;

  /** @param linger milliseconds for which sources go on when nobody wants them any more. */
  constructor(sources: readonly Source[], linger = LINGER) {
    const publish: Publish = (type, data) => this.#publish(type, JSON.stringify(data));
    const start = (source: Source) => {
      this.#publish('start', '');
      return { since: this.#lastId, stop: source.start(publish) };
    };
    this.#supplies = new Map(sources.map((source) => [source.type, new Supply(() => start(source), linger)]));
  }

  /** Ends all sources. */
  stop(): void {
    for (const supply of this.#supplies.values()) supply.stop();
    this.#listeners.clear();
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Id of the oldest event that is still there, or of the next one. */
  get oldestId(): number {
    return this.#lastId + 1 - this.#ring.length;
  }

  /** Whether an event has been told since the command began. */
  hasTold(id: number): boolean {
    return id >= this.#firstId - 1 && id <= this.#lastId;
  }

  /** The event, if it is still there. */
  get(id: number): FeedEvent | undefined {
    return this.#ring.at(id - this.oldestId);
  }

  /** From now on, events of these types are told. */
  hold(types: Iterable<EventType>): Hold {
    const supplies = [...types].flatMap((type) => this.#supplies.get(type) ?? []);
    const since = Math.max(this.#firstId - 1, ...supplies.map((supply) => supply.hold()));
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      for (const supply of supplies) supply.release();
    };
    return { since, release };
  }

  /** Calls back with each event. @returns a function that ends it. */
  listen(listener: (event: FeedEvent) => void): Stop {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #publish(type: FeedEvent['type'], json: string): void {
    this.#lastId++;
    const event = { id: this.#lastId, type, json };
    this.#ring.push(event, json.length);
    for (const listener of this.#listeners) listener(event);
  }
}
