import type { LogEvent, LogLevel } from './event.js';

export interface Limit {
  /** Lines of one kind that are written in a period; more are counted. */
  readonly lines: number;
  /** In milliseconds. */
  readonly period: number;
  /** The line at the end of a period that tells how many more there were. @param last the last of them. */
  more(count: number, seconds: number, last: LogEvent): LogEvent;
}

/** Kinds that are kept apart by client; a flood from more addresses counts as one. */
const MAX_KINDS = 50;

interface Kind {
  lines: number;
  last: { level: LogLevel; event: LogEvent };
}

/**
 * Bounds what clients can make a log grow: of events that are the same but for their details only some are written in a
 * period, and at its end how many more there were. A client that floods the log doesn't hide what others do.
 */
export class Repeats {
  readonly #limit: Limit;
  readonly #write: (level: LogLevel, event: LogEvent) => void;
  readonly #kinds = new Map<string, Kind>();
  #timer: NodeJS.Timeout | undefined;
  #start = 0;

  constructor(limit: Limit, write: (level: LogLevel, event: LogEvent) => void) {
    this.#limit = limit;
    this.#write = write;
  }

  /** @returns false for an event that is only counted. */
  allows(level: LogLevel, event: LogEvent): boolean {
    if (this.#timer === undefined) this.#begin();
    const name = this.#nameOf(event);
    const kind = this.#kinds.get(name) ?? { lines: 0, last: { level, event } };
    this.#kinds.set(name, kind);
    kind.lines++;
    kind.last = { level, event };
    return kind.lines <= this.#limit.lines;
  }

  #begin(): void {
    this.#start = performance.now();
    this.#timer = setTimeout(() => this.end(), this.#limit.period).unref();
  }

  #nameOf({ event, listener, peer }: LogEvent): string {
    const name = JSON.stringify([event, listener, peer?.address]);
    return this.#kinds.has(name) || this.#kinds.size < MAX_KINDS ? name : JSON.stringify([event, listener]);
  }

  /** Ends the period: writes what was counted. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const seconds = Math.max(1, Math.round((performance.now() - this.#start) / 1000));
    for (const { lines, last } of this.#kinds.values()) {
      const left = lines - this.#limit.lines;
      if (left > 0) this.#write(last.level, this.#limit.more(left, seconds, last.event));
    }
    this.#kinds.clear();
  }
}
