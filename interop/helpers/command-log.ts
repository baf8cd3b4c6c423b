import { fileURLToPath } from 'node:url';
import { LineProcess } from './lines.js';

/** The built command. */
export const COMMAND = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
/** What is waited for comes within the next few lines; a log that has it not must not be read for ever. */
const MAX_LINES = 50;

/** An entry of the log in JSON. */
export type Entry = Record<string, unknown> & { event: string };

/** The built command while it runs, by its log in JSON. */
export class CommandLog {
  readonly #command: LineProcess;

  constructor(args: string[]) {
    this.#command = new LineProcess(process.execPath, [COMMAND, ...args, '--log-format', 'json']);
  }

  /** The next entry with one of these events. */
  async next(...events: string[]): Promise<Entry> {
    return (await this.until(...events)).at(-1) as Entry;
  }

  /** All entries up to the next one with one of these events. */
  async until(...events: string[]): Promise<Entry[]> {
    const entries: Entry[] = [];
    while (entries.length < MAX_LINES) {
      const entry: Entry = JSON.parse(await this.#command.next());
      entries.push(entry);
      if (events.includes(entry.event)) return entries;
    }
    throw new Error(`no ${events.join(' or ')} among ${MAX_LINES} lines of the log`);
  }

  /** Ends it as Ctrl-C does. @returns its exit code. */
  stop(): Promise<number | null> {
    return this.#command.end('SIGINT');
  }
}
