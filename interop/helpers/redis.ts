import { temporaryFolder } from './folder.js';
import { freePort } from './free-port.js';
import { LineProcess } from './lines.js';

/** What a Redis prints once it answers, and what a Sentinel prints then. */
const READY = /Ready to accept connections|Sentinel ID is/;

/** A redis-server of the test's own, on a port and in a folder of its own. Unless told otherwise, it keeps nothing on disk. */
export class RedisServer {
  readonly port: number;
  readonly #folder = temporaryFolder();
  readonly #args: readonly string[];
  #process: LineProcess | undefined;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
  }

  /** @param args settings, as on its command line: `'--appendonly', 'yes'`; before them the name of a config file, if any. */
  static async start(...args: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Where it keeps its files. */
  get folder(): string {
    return this.#folder.path;
  }

  /** Starts it again after `kill`, with what it kept on disk. */
  async start(): Promise<void> {
    const place = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--dir', this.folder];
    const own = [...place, '--save', '', '--repl-diskless-sync-delay', '0'];
    this.#process = new LineProcess('redis-server', [...this.#args, ...own]);
    while (!READY.test(await this.#process.next()));
  }

  /** It hangs: its connections stay open, and nothing is answered. */
  pause(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  /** Ends it without a warning. */
  async kill(): Promise<void> {
    await this.#process?.end('SIGKILL');
    this.#process = undefined;
  }

  /** Ends it, and removes its files. */
  async stop(): Promise<void> {
    await this.kill();
    this.#folder.remove();
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#process?.pid !== undefined) process.kill(this.#process.pid, signal);
  }
}
