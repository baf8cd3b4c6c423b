import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../bin/busbar.js', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface SpawnOptions {
  cwd?: string | undefined;
  env?: Record<string, string>;
  /** What it reads from its stdin; nothing if absent. */
  stdin?: string;
  /** Where its stdout goes instead of here, and options of Node.js. */
  stdout?: number;
  nodeOptions?: string[];
  /** File descriptors that it may have at once. */
  descriptors?: number;
}

function spawnBusbar(args: string[], options: SpawnOptions): ChildProcess {
  const { cwd, env, stdin, stdout, nodeOptions = [], descriptors } = options;
  const command = [process.execPath, ...nodeOptions, ENTRY, ...args];
  const limited = ['/bin/sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', ...command];
  const [file, ...rest] = descriptors === undefined ? command : limited;
  const child = spawn(file, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', stdout ?? 'pipe', 'pipe'],
  });
  child.stdin?.end(stdin);
  return child;
}

/** Runs the built command to its end. */
export function busbar(args: string[], options: SpawnOptions = {}): Promise<Ended> {
  return ended(spawnBusbar(args, options));
}

function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export type Entry = Record<string, unknown>;

/** The built command while it runs, without its log; kill it at the end. */
export function started(args: string[], options: SpawnOptions): { child: ChildProcess; end: Promise<Ended> } {
  const child = spawnBusbar(args, options);
  return { child, end: ended(child) };
}

/**
 * `busbar serve` or `busbar monitor` while it runs: its log in JSON line by line, or its text. Ends with the `using`
 * block at the latest.
 */
export class Serving {
  readonly child: ChildProcess;
  readonly end: Promise<Ended>;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.end = ended(child);
    if (child.stdout === null) throw new Error('the command has no stdout');
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts it and waits until it serves. */
  static async start(
    args: string[],
    cwd?: string,
    options: SpawnOptions = {},
  ): Promise<{ serving: Serving; ports: number[]; before: Entry[] }> {
    const serving = new Serving(spawnBusbar(['serve', '--log-format', 'json', ...args], { cwd, ...options }));
    const before = await serving.until('serving');
    const ports = before.filter(({ event }) => event === 'listening').map(({ port }) => Number(port));
    return { serving, ports, before };
  }

  /** Starts `busbar monitor` and waits until it listens. */
  static async monitor(args: string[]): Promise<Serving> {
    const serving = new Serving(spawnBusbar(['monitor', '--log-format', 'json', ...args], {}));
    await serving.until('listening');
    return serving;
  }

  /** Starts it with the output for people. */
  static pretty(args: string[], cwd?: string, command = 'serve'): Serving {
    return new Serving(spawnBusbar([command, ...args], { cwd }));
  }

  /** The output up to the next line that has this text. */
  async textUntil(text: string): Promise<string> {
    let found = '';
    while (!found.includes(text)) found += `${await this.#line(text)}\n`;
    return found;
  }

  async #line(awaited: string): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the command ended without "${awaited}": ${(await this.end).stderr}`);
    return value;
  }

  /** The next entry of the log with this event. */
  async next(event: string): Promise<Entry> {
    const entries = await this.until(event);
    return entries[entries.length - 1];
  }

  /** All entries of the log up to the next one with this event. */
  async until(event: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    while (entries.at(-1)?.event !== event) entries.push(JSON.parse(await this.#line(event)));
    return entries;
  }

  async stop(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return await this.end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.end;
  }
}
