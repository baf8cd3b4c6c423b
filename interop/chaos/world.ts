import { Redis } from 'ioredis';
import { random } from '../helpers/random.js';
import { RedisServer } from '../helpers/redis.js';
import type { Beat } from './beats.js';
import type { Loss, Operation } from './history.js';
import { RedisLink } from './redis-link.js';
import { SharedServer } from './shared-server.js';

export interface WorldOptions {
  readonly seed: number;
  /** How many servers there are. */
  readonly servers: number;
  /** Options of `SharedImage`. */
  readonly sharing: object;
  /** Settings of Redis. */
  readonly redis: readonly string[];
  /** What is wrong with the first server: one of mutants.mjs. */
  readonly mutant?: string | undefined;
}

export function pick<T>(list: readonly T[], random: (below: number) => number): T {
  return list[random(list.length)];
}

/** Servers of one image, each with its own link to their Redis, and what was seen of them. */
export class World {
  /** For the faults; clients have numbers of their own, so that a seed makes the same faults again. */
  readonly random: (below: number) => number;
  redis: RedisServer;
  /** For what the tests themselves ask of Redis; its link leads where those of the servers do. */
  readonly admin: Redis;
  readonly #adminLink: RedisLink;
  /** Of each server. */
  readonly links: readonly RedisLink[];
  readonly servers: readonly SharedServer[];
  readonly history: Operation[] = [];
  readonly beats: Beat[] = [];
  readonly losses: Loss[] = [];
  /** What is wrong by itself, whatever else there is. */
  readonly problems: string[] = [];
  readonly #seed: number;
  readonly #counts = new Map<string, number>();

  private constructor(options: WorldOptions, redis: RedisServer, [adminLink, ...links]: readonly RedisLink[]) {
    this.#seed = options.seed;
    this.random = random(options.seed);
    this.redis = redis;
    this.#adminLink = adminLink;
    this.admin = new Redis(adminLink.url);
    this.admin.on('error', () => undefined);
    this.links = links;
    this.servers = links.map(({ url }, i) => {
      const mutant = i === 0 ? options.mutant : undefined;
      return new SharedServer('ABCDEFGH'[i], { redis: url, sharing: options.sharing, author: i + 1, mutant });
    });
  }

  static async start(options: WorldOptions): Promise<World> {
    const redis = await RedisServer.start(...options.redis);
    const links = await Promise.all(Array.from({ length: 1 + options.servers }, () => RedisLink.open(redis.port)));
    const world = new World(options, redis, links);
    try {
      await Promise.all(world.servers.map((server) => server.start()));
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  /** The random numbers of a client. */
  numbersOf(client: number): (below: number) => number {
    return random(this.#seed + 1 + client);
  }

  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** From now on this is their Redis; the other one is gone. */
  moveTo(redis: RedisServer): void {
    this.redis = redis;
    for (const link of [this.#adminLink, ...this.links]) {
      link.target = redis.port;
      link.cut();
    }
  }

  /** How many requests have got a reply that is no refusal. */
  get answered(): number {
    return (this.#counts.get('reads') ?? 0) + (this.#counts.get('writes') ?? 0);
  }

  /** How often what happened. */
  get counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort());
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    this.admin.disconnect();
    await Promise.all([this.#adminLink, ...this.links].map((link) => link.close()));
    await this.redis.stop();
  }
}
