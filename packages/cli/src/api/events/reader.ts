import type { Feed } from './feed.js';
import { type Filter, wanted } from './filter.js';

/** Milliseconds after which a silent stream says that it is still there. */
const HEARTBEAT = 15_000;
/** Bytes that are handed over at once, about. */
const PORTION = 65_536;

/**
 * Somebody who reads the feed as a stream of server-sent events. There is no queue for each: whoever is too slow for the
 * events that are kept loses the oldest, and is told so.
 */
export class Reader {
  readonly #feed: Feed;
  readonly #filter: Filter;
  readonly #heartbeat: number;
  readonly #hold: ReturnType<Feed['hold']>;
  readonly #unlisten: () => void;
  /** Id of the last event that was looked at. */
  #at: number;
  /** Events before the next ones are gone: how many, null if nobody knows. */
  #lost: number | null | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  /** @param lastId of the event that was read last, before the connection was cut. @param heartbeat in milliseconds. */
  constructor(feed: Feed, filter: Filter, lastId?: number, heartbeat: number = HEARTBEAT) {
    this.#feed = feed;
    this.#filter = filter;
    this.#heartbeat = heartbeat;
    this.#hold = feed.hold(filter.types);
    this.#at = feed.lastId;
    if (lastId !== undefined) this.#resume(lastId);
    this.#unlisten = feed.listen(() => this.#wake?.());
  }

  #resume(lastId: number): void {
    const { since } = this.#hold;
    if (!this.#feed.hasTold(lastId) || lastId < since) this.#lost = null;
    if (this.#feed.hasTold(lastId)) this.#at = Math.max(lastId, since);
  }

  /** The next events as the text of a stream; waits for one. @returns undefined when it is closed. */
  async read(): Promise<string | undefined> {
    while (!this.#closed) {
      const text = this.#take();
      if (text !== '') return text;
      // Without data it is no event, but whoever was cut off says from where to go on.
      if (await this.#isSilent()) return `id: ${this.#at}\n\n`;
    }
    return undefined;
  }

  close(): void {
    this.#closed = true;
    this.#unlisten();
    this.#hold.release();
    this.#wake?.();
  }

  #take(): string {
    let text = this.#takeLost();
    while (text.length < PORTION && this.#at < this.#feed.lastId) {
      this.#at++;
      const event = this.#feed.get(this.#at);
      const json = event && wanted(this.#filter, event);
      if (event && json !== undefined) text += format(event.type, json, event.id);
    }
    return text;
  }

  /** Goes on from the oldest event, if the next one is gone. */
  #takeLost(): string {
    const behind = this.#feed.oldestId - 1 - this.#at;
    if (behind > 0) {
      this.#at += behind;
      this.#lost = this.#lost === null ? null : (this.#lost ?? 0) + behind;
    }
    const count = this.#lost;
    this.#lost = undefined;
    return count === undefined ? '' : format('lost', JSON.stringify({ count }), this.#at);
  }

  /** Waits for any event. @returns true if none has come for too long. */
  #isSilent(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(resolve, true), this.#heartbeat).unref();
      this.#wake = () => {
        clearTimeout(timer);
        this.#settle(resolve, false);
      };
    });
  }

  #settle(resolve: (isSilent: boolean) => void, isSilent: boolean): void {
    this.#wake = undefined;
    resolve(isSilent);
  }
}

function format(type: string, json: string, id: number): string {
  return `id: ${id}\nevent: ${type}\ndata: ${json}\n\n`;
}
