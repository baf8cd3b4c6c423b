import { LOSSES } from './losses.js';
import { pick, type World } from './world.js';

type Fault = (world: World) => Promise<void>;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Faults that lose nothing, as long as Redis writes to disk before it answers. They end as they began: all is well. */
export const FAULTS: Record<string, Fault> = {
  async 'kill a server'(world) {
    const server = pick(world.servers, world.random);
    await server.kill();
    await pause(world.random(200));
    await server.start();
  },
  async 'pause a server'(world) {
    const server = pick(world.servers, world.random);
    server.pause();
    await pause(world.random(800));
    server.resume();
  },
  async 'pause Redis'(world) {
    world.redis.pause();
    await pause(world.random(400));
    world.redis.resume();
  },
  async 'kill Redis'(world) {
    await world.redis.kill();
    await pause(world.random(200));
    await world.redis.start();
  },
  async 'cut a link'(world) {
    pick(world.links, world.random).cut();
  },
  async 'slow down a link'(world) {
    const link = pick(world.links, world.random);
    link.delay = 1 + world.random(60);
    await pause(world.random(400));
    link.delay = 0;
  },
  async 'hang a link'(world) {
    const link = pick(world.links, world.random);
    link.delay = Infinity;
    await pause(world.random(600));
    link.delay = 0;
  },
  async 'cut a link that hangs'(world) {
    const link = pick(world.links, world.random);
    link.delay = Infinity;
    await pause(world.random(300));
    link.cut();
    link.delay = 0;
  },
  async 'kill the connections in Redis'(world) {
    await world.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  },
  async 'flush the scripts'(world) {
    await world.admin.script('FLUSH');
  },
};

const ALL: Record<string, Fault> = { ...FAULTS, ...LOSSES };

/** Some faults, one after the other, with a short rest in between. */
export async function injectFaults(world: World, names: readonly string[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await pause(20 + world.random(150));
    const name = pick(names, world.random);
    await ALL[name](world);
    world.count(`fault: ${name}`);
  }
}
