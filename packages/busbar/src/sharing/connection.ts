import { asError, SharingError } from '../errors.js';
import { textOf } from './entry.js';
import type { RedisConnection, RedisLike } from './redis.js';
import type { Script } from './scripts.js';

/** How long, in ms, a connection may be silent before it is cut: longer than any reply to a client may take. */
const PATIENCE = 1000;
const CONNECT_TIMEOUT = 2000;
const MAX_PAUSE = 1000;

/** One connection to Redis. It connects again by itself; what was asked for meanwhile fails. */
export class Connection {
  readonly #client: RedisConnection;
  readonly #patience: number;
  readonly #pending = new Set<(error: Error) => void>();
  #lastError: Error | undefined;
  /** Ends a connection whose greeting is never answered. */
  #greeting: NodeJS.Timeout | undefined;

  /** @param commandTimeout how long clients wait. */
  constructor(redis: RedisLike, name: string, commandTimeout: number) {
    this.#patience = Math.max(PATIENCE, 5 * commandTimeout);
    this.#client = redis.duplicate({
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      lazyConnect: true,
      protocol: 2,
      keyPrefix: '',
      connectTimeout: CONNECT_TIMEOUT,
      connectionName: name,
      retryStrategy: (attempt) => Math.min(50 * attempt, MAX_PAUSE),
    });
    this.#client.on('error', (error) => {
      this.#lastError = error;
    });
    this.#client.on('connect', () => {
      this.#greeting = setTimeout(() => this.cut(), CONNECT_TIMEOUT);
    });
    this.#client.on('ready', () => {
      clearTimeout(this.#greeting);
      this.#lastError = undefined;
    });
    this.#client.on('close', () => {
      clearTimeout(this.#greeting);
      this.#fail();
    });
  }

  /** @throws SharingError `REDIS_UNREACHABLE` or `REDIS_REFUSED` */
  async connect(): Promise<void> {
    try {
      await this.#client.connect();
    } catch (thrown) {
      const cause = this.#lastError ?? asError(thrown);
      this.end();
      throw joinError(cause);
    }
  }

  whenReady(listener: () => void): void {
    this.#client.on('ready', listener);
  }

  /** Runs a script; Redis knows it by its hash after the first time. */
  async script(
    { source, sha1 }: Script,
    keys: readonly string[],
    args: readonly (string | Buffer)[],
  ): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.call('EVALSHA', [sha1, ...rest]);
    } catch (error) {
      if (!asError(error).message.startsWith('NOSCRIPT')) throw error;
      return this.call('EVAL', [source, ...rest]);
    }
  }

  /** @param blocked how long, in ms, Redis itself lets the command wait. */
  async call(command: string, args: (string | Buffer | number)[], blocked = 0): Promise<unknown> {
    if (this.#client.status !== 'ready') throw this.#lastError ?? new Error('there is no connection to Redis');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.cut(), blocked + this.#patience);
      const settled = () => {
        clearTimeout(timer);
        this.#pending.delete(fail);
      };
      const fail = (error: Error) => {
        settled();
        reject(this.#lastError ?? error);
      };
      this.#pending.add(fail);
      this.#client.callBuffer(command, args).then((reply) => {
        settled();
        resolve(reply);
      }, fail);
    });
  }

  /** Ends the connection, and makes another: the same server may be another machine by now. */
  cut(): void {
    this.#client.disconnect(true);
    this.#fail();
  }

  end(): void {
    clearTimeout(this.#greeting);
    this.#client.disconnect();
    this.#fail();
  }

  #fail(): void {
    for (const fail of [...this.#pending]) fail(new Error('the connection to Redis was cut'));
  }
}

function joinError(cause: Error): SharingError {
  if (isRefusal(cause)) {
    const advice = 'check user, password and number of the database';
    return new SharingError('REDIS_REFUSED', `Redis refused: ${cause.message}; ${advice}`, { cause });
  }
  const advice = 'check that it runs, and its address';
  return new SharingError('REDIS_UNREACHABLE', `Redis cannot be reached: ${cause.message}; ${advice}`, { cause });
}

function isRefusal({ message }: Error): boolean {
  return /^(NOAUTH|WRONGPASS|NOPERM|ERR (AUTH|invalid password|DB index))/.test(message);
}

/** Errors of a Redis that answers, but takes no writes: it is full, cannot save, or misses replicas. */
export function isWriteRefusal({ message }: Error): boolean {
  return /^(OOM|MISCONF|NOREPLICAS)\b/.test(message);
}

/** Oldest version that can do what the scripts need. */
const OLDEST = [6, 2];

/** @throws SharingError `REDIS_TOO_OLD` */
export async function checkVersion(connection: Connection): Promise<void> {
  const info = textOf(await connection.call('INFO', ['server']));
  const version = /redis_version:([\d.]+)/.exec(info)?.[1] ?? '';
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new SharingError(
    'REDIS_TOO_OLD',
    `Redis ${version || 'of an unknown version'}: 6.2 or later, or Valkey, is needed`,
  );
}
