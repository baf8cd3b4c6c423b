import type { Connection } from './connection.js';
import { decodeEntries, type Entry, listOf, textOf } from './entry.js';

/** A stream that is followed. */
interface Followed {
  readonly stream: string;
  /** Of the last entry that is known. */
  readonly version: number;
  follow(entries: readonly Entry[]): void;
}

/** How long, in ms, Redis waits for news. A unit that is shared meanwhile is followed after that. */
const BLOCK = 250;
const MAX_ENTRIES = 1000;
/** After a failure, or when nothing could be made of what came. */
const PAUSE = 50;

/** Follows the streams of all units, on a connection that waits for news. */
export class Follower {
  readonly #connection: Connection;
  readonly #followed: () => Iterable<Followed>;
  #stopped = false;
  #pause: { readonly timer: NodeJS.Timeout; readonly end: () => void } | undefined;

  constructor(connection: Connection, followed: () => Iterable<Followed>) {
    this.#connection = connection;
    this.#followed = followed;
  }

  /** Never rejects. Ends after `stop`. */
  async run(): Promise<void> {
    while (!this.#stopped) if (!(await this.#next())) await this.#rest();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#pause?.timer);
    this.#pause?.end();
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      this.#pause = { timer: setTimeout(resolve, PAUSE), end: resolve };
    });
  }

  /** @returns whether to ask again at once. */
  async #next(): Promise<boolean> {
    const units = [...this.#followed()];
    if (units.length === 0) return false;
    try {
      const keys = units.map(({ stream }) => stream);
      const ids = units.map(({ version }) => `${version}-0`);
      const words = ['COUNT', MAX_ENTRIES, 'BLOCK', BLOCK, 'STREAMS', ...keys, ...ids];
      const reply = await this.#connection.call('XREAD', words, BLOCK);
      return this.#stopped || reply === null || this.#take(units, reply);
    } catch {
      return false;
    }
  }

  /** @returns whether something has become known. */
  #take(units: readonly Followed[], reply: unknown): boolean {
    const before = units.map(({ version }) => version);
    for (const each of listOf(reply)) {
      const [key, entries] = listOf(each);
      const unit = units.find(({ stream }) => stream === textOf(key));
      unit?.follow(decodeEntries(entries, unit.version));
    }
    return units.some(({ version }, i) => version !== before[i]);
  }
}
