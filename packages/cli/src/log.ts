export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export const LOG_FORMATS = ['pretty', 'json'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What happened: its fixed name, the sentence for people, and the facts for programs. */
export interface LogEvent {
  event: string;
  text: string;
  [fact: string]: unknown;
}

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** Writes one line per event; pretty for people or JSON for programs. */
export class Logger {
  readonly format: LogFormat;
  readonly colours: boolean;
  readonly #level: number;
  readonly #out: Output;

  constructor(format: LogFormat, level: LogLevel, out: Output, env: NodeJS.ProcessEnv = process.env) {
    this.format = format;
    this.#level = LOG_LEVELS.indexOf(level);
    this.#out = out;
    this.colours = out.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  }

  enabled(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) <= this.#level;
  }

  log(level: LogLevel, event: LogEvent): void {
    if (!this.enabled(level)) return;
    const time = new Date();
    this.#out.write(
      `${this.format === 'json' ? jsonLine(time, level, event) : this.#prettyLine(time, level, event.text)}\n`,
    );
  }

  /** An event that people see otherwise: `pretty` is printed for them as it is. */
  announce(event: LogEvent, pretty = ''): void {
    if (this.format === 'json') this.log('info', event);
    else if (pretty !== '' && this.enabled('info')) this.#out.write(`${pretty}\n`);
  }

  /** Why the command ends: on stderr for people, and where programs read for them. */
  fail(event: LogEvent): void {
    if (this.format === 'json') this.log('error', event);
    else process.stderr.write(`busbar: ${event.text}\n`);
  }

  bold(text: string): string {
    return this.#paint('1', text);
  }

  dim(text: string): string {
    return this.#paint('2', text);
  }

  #prettyLine(time: Date, level: LogLevel, text: string): string {
    const clock = time.toTimeString().slice(0, 8);
    return `${this.dim(clock)} ${this.#paint(LEVEL_COLOUR[level], level.padEnd(5))} ${text}`;
  }

  #paint(code: string, text: string): string {
    return this.colours ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

const LEVEL_COLOUR: Record<LogLevel, string> = { error: '31', warn: '33', info: '32', debug: '36' };

function jsonLine(time: Date, level: LogLevel, { event, text, ...facts }: LogEvent): string {
  return JSON.stringify({ time: time.toISOString(), level, event, message: text, ...facts });
}
