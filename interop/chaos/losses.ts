import { Redis } from 'ioredis';
import { RedisServer } from '../helpers/redis.js';
import { RedisLink } from './redis-link.js';
import type { World } from './world.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How long servers may take to notice that Redis has other values than they have, in ms. */
const NOTICE = 30_000;

/** Faults that lose writes which clients were told of, or all. The servers have to notice, and to read all values again. */
export const LOSSES = {
  async 'Redis loses everything'(world: World) {
    const from = performance.now();
    await world.admin.flushall();
    await endLoss(world, from);
  },
  async 'Redis starts again with nothing'(world: World) {
    const from = performance.now();
    await world.redis.kill();
    await world.redis.start();
    await endLoss(world, from);
  },
  async 'a replica takes over that is behind'(world: World) {
    const replication = await RedisLink.open(world.redis.port);
    const replica = await RedisServer.start();
    const copy = new Redis(replica.url);
    await copy.replicaof('127.0.0.1', replication.port);
    const from = await untilReplicated(world);
    replication.delay = Infinity;
    await pause(100 + world.random(200));
    await world.redis.stop();
    await replication.close();
    await copy.replicaof('NO', 'ONE');
    copy.disconnect();
    world.moveTo(replica);
    await endLoss(world, from);
  },
} satisfies Record<string, (world: World) => Promise<void>>;

/** @returns a time: what was written before it is on the replica. */
async function untilReplicated({ admin }: World): Promise<number> {
  for (let tries = 0; tries < 30; tries++) {
    const now = performance.now();
    await admin.set('marker', now);
    if ((await admin.wait(1, 1000)) === 1) return now;
  }
  throw new Error('the replica does not get what its Redis has');
}

/** Waits until all servers have noticed. */
async function endLoss(world: World, from: number): Promise<void> {
  const end = performance.now() + NOTICE;
  const late = () => world.servers.filter((server) => !server.hasReloaded(from));
  while (late().length > 0 && performance.now() < end) await pause(5);
  for (const { name } of late())
    world.problems.push(`${name} did not notice within ${NOTICE} ms that Redis lost values`);
  world.losses.push({ from, to: performance.now() });
}
