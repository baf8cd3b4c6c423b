/**
 * What sharing uses of a client of ioredis 6, by its structure. The client is a pattern: sharing makes connections of
 * its own, with the same server, password, TLS and Sentinels.
 */
export interface RedisLike {
  duplicate(overrides: RedisOverrides): RedisConnection;
}

/** A connection of sharing's own. */
export interface RedisConnection {
  readonly status: string;
  connect(): Promise<void>;
  disconnect(reconnect?: boolean): void;
  callBuffer(command: string, args: (string | Buffer | number)[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'connect' | 'ready' | 'close', listener: () => void): unknown;
}

/** What sharing's connections have different from the given client. */
export interface RedisOverrides {
  /** Nothing is sent later than asked for: a write that has been refused must not happen minutes after. */
  readonly enableOfflineQueue: false;
  readonly autoResendUnfulfilledCommands: false;
  readonly maxRetriesPerRequest: 0;
  readonly lazyConnect: true;
  /** The form of replies. */
  readonly protocol: 2;
  readonly keyPrefix: '';
  readonly connectTimeout: number;
  readonly connectionName: string;
  readonly retryStrategy: (attempt: number) => number;
}
