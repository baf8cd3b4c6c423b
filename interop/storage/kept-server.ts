import { fileURLToPath } from 'node:url';
import { nodeWithSqlite } from '../../scripts/node-binaries.mjs';
import { LineProcess } from '../helpers/lines.js';
import { SIZE } from './slots.js';

const SCRIPT = fileURLToPath(new URL('server.mjs', import.meta.url));

/** The kinds of stores. */
export const KINDS = ['level', 'sqlite'] as const;

/** A Node.js that can have such a store. */
export function nodeFor(kind: (typeof KINDS)[number]): string {
  const node = kind === 'sqlite' ? nodeWithSqlite() : process.execPath;
  if (node === undefined) throw new Error('no Node.js with node:sqlite is here: npm test fetches one');
  return node;
}

/** How unit 1 is kept: see `server.mjs`. */
export interface Keeping {
  readonly kind: (typeof KINDS)[number];
  readonly folder: string;
  readonly mode?: 'durable' | 'interval';
  readonly interval?: number;
  readonly timeout?: number;
  /** Options of LevelDB. */
  readonly level?: { readonly writeBufferSize?: number; readonly blockSize?: number; readonly compression?: boolean };
  readonly lie?: 'early' | 'split';
}

/** What the server has told. */
export interface Told {
  readonly event: 'listening' | 'failed' | 'recovered' | 'dropped' | 'refused';
  readonly port?: number;
  readonly pid?: number;
  readonly code?: string;
  readonly message?: string;
  readonly cause?: string;
}

/** A process that serves a unit which it keeps, over Modbus/TCP. */
export class KeptServer {
  readonly #process: LineProcess;
  #port = 0;
  #pid = 0;
  #ended: Promise<number | null> | undefined;

  private constructor(command: readonly string[]) {
    const [program = '', ...args] = command;
    this.#process = new LineProcess(program, args);
  }

  /** Starts one, and does not wait until it serves. @param under a program that runs it, with its arguments. */
  static begin(keeping: Keeping, under: readonly string[] = []): KeptServer {
    return new KeptServer([...under, nodeFor(keeping.kind), SCRIPT, JSON.stringify({ size: SIZE, ...keeping })]);
  }

  /** Starts one that serves; rejects with what it says if it does not. */
  static async start(keeping: Keeping, under: readonly string[] = []): Promise<KeptServer> {
    const server = KeptServer.begin(keeping, under);
    const told = await server.next();
    if (told.event === 'listening') return server;
    await server.end();
    throw new Error(`the server does not serve: ${JSON.stringify(told)}`);
  }

  /** What a server says that must not serve. */
  static async refusal(keeping: Keeping, under: readonly string[] = []): Promise<Told> {
    const server = KeptServer.begin(keeping, under);
    try {
      return await server.next();
    } finally {
      await server.end();
    }
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#pid;
  }

  /** The next that it tells. */
  async next(): Promise<Told> {
    const told: Told = JSON.parse(await this.#process.next());
    if (told.event === 'listening') [this.#port, this.#pid] = [told.port ?? 0, told.pid ?? 0];
    return told;
  }

  /** Ends it in an orderly way, also under another program. */
  end(): Promise<number | null> {
    if (this.#ended === undefined && this.#pid !== 0) process.kill(this.#pid, 'SIGTERM');
    this.#ended ??= this.#process.end('SIGTERM');
    return this.#ended;
  }

  /** Ends it in the middle of whatever it does. */
  kill(): Promise<number | null> {
    this.#ended ??= this.#process.end('SIGKILL');
    return this.#ended;
  }
}
