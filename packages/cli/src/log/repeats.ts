import type { LogEvent, LogLevel } from './logger.js';

/** Lines of one kind that are written in a period; more are counted. */
const LINES = 20;
const PERIOD_MS = 10_000;
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
  readonly #write: (level: LogLevel, event: LogEvent) => void;
  readonly #kinds = new Map<string, Kind>();
  #timer: NodeJS.Timeout | undefined;
  #start = 0;

  constructor(write: (level: LogLevel, event: LogEvent) => void) {
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
    return kind.lines <= LINES;
  }

  #begin(): void {
    this.#start = performance.now();
    this.#timer = setTimeout(() => this.end(), PERIOD_MS).unref();
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
      if (lines > LINES) this.#write(last.level, aggregate(lines - LINES, seconds, last.event));
    }
    this.#kinds.clear();
  }
}

function aggregate(count: number, seconds: number, { event, text, ...facts }: LogEvent): LogEvent {
  return {
    event: 'repeated',
    text: `… ${count} more like this in ${seconds} s, the last: ${text}`,
    repeated: event,
    count,
    seconds,
    ...facts,
  };
}
