import type { RedisConnection, RedisLike, RedisOverrides } from 'busbar/sharing';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';

/** A client with whose scripts a test meddles. */
export class MeddledRedis implements RedisLike {
  readonly #redis: Redis;
  /** Stands around each script. @param keys how many it has. @returns the reply. */
  around: (run: () => Promise<unknown>, keys: number) => Promise<unknown> = (run) => run();

  constructor(port: number) {
    this.#redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true });
    onTestFinished(() => this.#redis.disconnect());
  }

  duplicate(overrides: RedisOverrides): RedisConnection {
    const connection: RedisConnection = this.#redis.duplicate(overrides);
    const call = connection.callBuffer.bind(connection);
    connection.callBuffer = (command, args) => {
      const run = () => call(command, args);
      return command === 'EVALSHA' ? this.around(run, Number(args[1])) : run();
    };
    return connection;
  }
}
