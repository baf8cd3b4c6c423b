import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('server.mjs', import.meta.url));

export interface ServerSettings {
  /** Where its Redis is. */
  readonly redis: string;
  /** Options of `SharedImage` that JSON can say. */
  readonly sharing: object;
  /** What it signs its beats with: see beats.ts. */
  readonly author: number;
  /** One of mutants.mjs. */
  readonly mutant?: string | undefined;
}

/** What the program tells: see server.mjs. */
export interface Told {
  readonly event: 'listening' | 'away' | 'back' | 'reloaded';
  readonly state: string;
  readonly port?: number;
  readonly lostWrites?: number;
  readonly reason?: string;
  readonly error?: string;
  /** By performance.now() of the test. */
  readonly at: number;
}

/** A server of the image: a process that can be paused, killed and started again. */
export class SharedServer {
  readonly name: string;
  readonly told: Told[] = [];
  /** Since when nobody has paused or killed it, by performance.now(). */
  calmSince = Infinity;
  /** 0 while it does not run. */
  port = 0;
  /** Why it has ended by itself. */
  failure: string | undefined;
  readonly #settings: ServerSettings;
  #child: ChildProcess | undefined;

  constructor(name: string, settings: ServerSettings) {
    this.name = name;
    this.#settings = settings;
  }

  /** Starts it, also after `kill`; resolves when it listens. */
  async start(): Promise<void> {
    const settings = { registers: 104, coils: 512, ...this.#settings };
    const child = fork(PROGRAM, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
    this.#child = child;
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.port = 0;
        if (signal === 'SIGKILL') return;
        this.failure = `server ${this.name} ended with ${code ?? signal}: ${stderr}`;
        reject(new Error(this.failure));
      });
      child.on('message', (message: Omit<Told, 'at'>) => {
        this.told.push({ ...message, at: performance.now() });
        if (message.event !== 'listening') return;
        this.port = message.port ?? 0;
        this.calmSince = performance.now();
        resolve();
      });
    });
  }

  /** `ready`, `away` or `detached`, as far as it has told. */
  get state(): string | undefined {
    return this.told.at(-1)?.state;
  }

  /** Whether it has read the whole image since a time, and is in order. */
  hasReloaded(since: number): boolean {
    return this.state === 'ready' && this.told.some(({ event, at }) => event === 'reloaded' && at > since);
  }

  pause(): void {
    this.calmSince = Infinity;
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
    this.calmSince = performance.now();
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.calmSince = Infinity;
    this.port = 0;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}
