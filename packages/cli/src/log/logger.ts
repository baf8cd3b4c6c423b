import { amount } from '../ground/amount.js';
import type { Output } from '../ground/output.js';
import { shown } from '../ground/shown.js';
import { LOG_LEVELS, type LogEvent, type LogLevel } from './event.js';
import { type Limit, Repeats } from './repeats.js';

export const LOG_FORMATS = ['pretty', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** How often the same is logged. */
const LIMIT: Limit = {
  lines: 20,
  period: 10_000,
  more: (count, seconds, { event, text, ...facts }) => ({
    event: 'repeated',
    text: `… ${count} more like this in ${seconds} s, the last: ${text}`,
    repeated: event,
    count,
    seconds,
    ...facts,
  }),
};

/** Is told of all that is logged, as it is logged. */
export type Hearer = (level: LogLevel, event: LogEvent) => void;

/**
 * Writes one line per event; pretty for people or JSON for programs. It bounds what clients can make of it: repeated
 * lines are counted instead, and so are those that the output doesn't take.
 */
export class Logger {
  readonly format: LogFormat;
  readonly colours: boolean;
  readonly #level: number;
  readonly #out: Output;
  readonly #repeats = new Repeats(LIMIT, (level, event) => this.#enter(level, event));
  readonly #hearers = new Set<Hearer>();
  /** Lines since the output took the last one. */
  #lost = 0;

  constructor(format: LogFormat, level: LogLevel, out: Output, env: NodeJS.ProcessEnv = process.env) {
    this.format = format;
    this.#level = LOG_LEVELS.indexOf(level);
    this.#out = out;
    this.colours = out.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
    out.onRoom(() => this.#tellLoss());
  }

  enabled(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) <= this.#level;
  }

  /** Tells somebody else, too. @returns a function that ends it. */
  hear(hearer: Hearer): () => void {
    this.#hearers.add(hearer);
    return () => void this.#hearers.delete(hearer);
  }

  /** Lines at the level `debug` are limited where they come from. */
  log(level: LogLevel, event: LogEvent): void {
    if (!this.enabled(level)) return;
    if (level === 'debug' || this.#repeats.allows(level, event)) this.#enter(level, event);
  }

  /** Logs an event in JSON; people get the text `pretty` instead, as it is. */
  announce(event: LogEvent, pretty = ''): void {
    if (!this.enabled('info')) return;
    if (this.format === 'json') this.#enter('info', event);
    else this.#tellPeople(event, pretty);
  }

  /** Says why the command ends: to people on stderr, to programs in their log. */
  fail(event: LogEvent): void {
    if (this.format === 'json') this.#enter('error', event);
    else process.stderr.write(`busbar: ${shown(event.text)}\n`);
  }

  /** Writes what has only been counted so far. */
  end(): void {
    this.#repeats.end();
    this.#tellLoss();
  }

  bold(text: string): string {
    return this.#paint('1', text);
  }

  dim(text: string): string {
    return this.#paint('2', text);
  }

  #tellPeople(event: LogEvent, pretty: string): void {
    this.#tell('info', event);
    if (pretty !== '') this.#write(`${pretty}\n`);
  }

  #enter(level: LogLevel, event: LogEvent): void {
    this.#tell(level, event);
    this.#write(this.#line(level, event));
  }

  #tell(level: LogLevel, event: LogEvent): void {
    for (const hearer of this.#hearers) hearer(level, event);
  }

  #write(text: string): void {
    this.#tellLoss();
    if (this.#lost > 0 || !this.#out.write(text)) this.#lost++;
  }

  #tellLoss(): void {
    if (this.#lost === 0) return;
    const text = `lost ${amount(this.#lost, 'line')} of the log, which could not be written`;
    if (this.#out.write(this.#line('warn', { event: 'logLost', text, lines: this.#lost }))) this.#lost = 0;
  }

  #line(level: LogLevel, event: LogEvent): string {
    const time = new Date();
    return this.format === 'json' ? jsonLine(time, level, event) : this.#prettyLine(time, level, event.text);
  }

  #prettyLine(time: Date, level: LogLevel, text: string): string {
    const clock = time.toTimeString().slice(0, 8);
    return `${this.dim(clock)} ${this.#paint(LEVEL_COLOUR[level], level.padEnd(5))} ${shown(text)}\n`;
  }

  #paint(code: string, text: string): string {
    return this.colours ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

const LEVEL_COLOUR: Record<LogLevel, string> = { error: '31', warn: '33', info: '32', debug: '36' };

function jsonLine(time: Date, level: LogLevel, { event, text, ...facts }: LogEvent): string {
  return `${shown(JSON.stringify({ time: time.toISOString(), level, event, message: text, ...facts }))}\n`;
}
