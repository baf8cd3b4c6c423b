import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CustomFunction } from 'busbar';
import { SharedImage } from 'busbar/sharing';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { record } from '../../packages/busbar/test/helpers/events.js';
import { ask } from '../../packages/busbar/test/helpers/served.js';
import { until } from '../helpers/until.js';
import { MeddledRedis } from './meddled-redis.js';
import { DEVICE, lookInto, redisForTest, type Sharer, startSharer } from './sharer.js';

const READ = 'fc:03 start:0000 count:0001';
/** Soon enough for a test that waits for it, and late enough for a busy machine. */
const SOON = { commandTimeout: 1000 };

/** Writes until the server takes writes again. */
async function writeUntilTaken(sharer: Sharer, value: string): Promise<void> {
  await until(async () => (await sharer.ask(`fc:06 address:0000 value:${value}`)) === `060000${value}`);
}

describe('a Redis that hangs', () => {
  test('has clients answered with an exception, and what they wrote does not happen later', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis, SOON), await startSharer(redis, SOON)];
    await one.ask('fc:06 address:0000 value:0007');
    const away = record(one.image, 'away');
    const back = record(one.image, 'back');
    redis.pause();
    expect(await one.ask('fc:06 address:0000 value:0008')).toBe('8604');
    await until(() => one.image.state === 'away');
    expect(await one.ask(READ)).toBe('8304');
    expect(away.all).toMatchObject([{ error: { code: 'REDIS_AWAY' } }]);
    redis.resume();
    await until(() => one.image.state === 'ready' && two.image.state === 'ready');
    expect(back.all).toEqual([{ lostWrites: 0 }]);
    expect(await one.ask(READ)).toBe('03020007');
    await one.ask('fc:06 address:0001 value:0001');
    await until(() => two.unit.holdingRegisters.get(1) === 1);
    expect([one, two].map(({ unit }) => unit.holdingRegisters.get(0))).toEqual([7, 7]);
  });

  test('with `stale` has reads go on for that long, and no longer', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis, { ...SOON, whenAway: 'stale', maxStale: 4000 });
    await one.ask('fc:06 address:0000 value:0007');
    redis.pause();
    await until(() => one.image.state === 'away');
    expect(await one.ask(READ)).toBe('03020007');
    expect(await one.ask('fc:06 address:0000 value:0008')).toBe('8604');
    await until(async () => (await one.ask(READ)) === '8304');
    redis.resume();
    await until(async () => (await one.ask(READ)) === '03020007');
  });

  test('with `detach` has the server go on alone; what is in Redis wins', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis, { ...SOON, whenAway: 'detach' });
    await one.ask('fc:06 address:0000 value:0007');
    const back = record(one.image, 'back');
    redis.pause();
    await until(() => one.image.state === 'detached');
    expect(one.image.leads(one.unit)).toBe(true);
    expect(await one.ask('fc:06 address:0000 value:0008')).toBe('0600000008');
    one.unit.inputRegisters.set(0, 99);
    expect(await one.ask(READ)).toBe('03020008');
    redis.resume();
    await until(() => one.image.state === 'ready');
    expect(back.all).toEqual([{ lostWrites: 2 }]);
    expect(await one.ask(READ)).toBe('03020007');
    expect(one.unit.inputRegisters.get(0)).toBe(0);
  });

  test('gets what the program has set meanwhile when it is back', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis, SOON), await startSharer(redis, SOON)];
    redis.pause();
    await until(() => one.image.state === 'away');
    one.unit.inputRegisters.set(0, 5);
    await expect(one.image.settled()).rejects.toMatchObject({ code: 'REDIS_AWAY' });
    redis.resume();
    await until(() => two.unit.inputRegisters.get(0) === 5);
    await one.image.settled();
  });

  test('does not keep the image from being closed', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis, SOON);
    redis.pause();
    one.unit.inputRegisters.set(0, 5);
    await one.image.close();
    expect(one.image.state).toBe('closed');
    await expect(one.image.settled()).rejects.toMatchObject({ code: 'IMAGE_CLOSED' });
    redis.resume();
  });

  test('and one that is gone answers with the exception that the user has chosen', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis, { ...SOON, awayException: 6 });
    await redis.kill();
    await until(() => one.image.state === 'away');
    expect(await one.ask('fc:06 address:0000 value:0008')).toBe('8606');
  });
});

describe('a Redis that is killed, and started again', () => {
  test('with all it has acknowledged goes on where it was', async () => {
    const redis = await redisForTest('--appendonly', 'yes', '--appendfsync', 'always');
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    await one.ask('fc:06 address:0000 value:0007');
    const reloaded = record(one.image, 'reloaded');
    await redis.kill();
    await until(() => one.image.state === 'away' && two.image.state === 'away');
    await redis.start();
    await writeUntilTaken(two, '0008');
    await until(() => one.unit.holdingRegisters.get(0) === 8);
    expect(reloaded.all).toEqual([]);
  });

  test('with an older state has it taken over, and told', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    await one.ask('fc:06 address:0000 value:0007');
    await lookInto(redis).save();
    await one.ask('fc:06 address:0000 value:0008');
    await until(() => two.unit.holdingRegisters.get(0) === 8);
    const reloaded = [record(one.image, 'reloaded'), record(two.image, 'reloaded')];
    await redis.kill();
    await redis.start();
    for (const each of reloaded) await each.reached(1);
    expect(reloaded[0].all[0].reason).toMatch(/Redis has lost its last changes .* had 3, it has 2/);
    expect([one, two].map(({ unit }) => unit.holdingRegisters.get(0))).toEqual([7, 7]);
    await writeUntilTaken(one, '0009');
    await until(() => two.unit.holdingRegisters.get(0) === 9);
  });

  test('with an older state, and as many writes since, is noticed, too', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    await lookInto(redis).save();
    await one.ask('fc:06 address:0000 value:0008');
    const reloaded = record(one.image, 'reloaded');
    await redis.kill();
    await redis.start();
    const two = await startSharer(redis);
    await two.ask('fc:06 address:0001 value:0001');
    await reloaded.reached(1);
    await until(() => one.unit.holdingRegisters.get(1) === 1);
    expect(one.unit.holdingRegisters.get(0)).toBe(0);
  });

  test('with nothing gets the image again', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    await one.ask('fc:06 address:0000 value:0007');
    await until(() => two.unit.holdingRegisters.get(0) === 7);
    const reloaded = [record(one.image, 'reloaded'), record(two.image, 'reloaded')];
    await redis.kill();
    await redis.start();
    for (const each of reloaded) await each.reached(1);
    const reasons = reloaded.flatMap(({ all }) => all.map(({ reason }) => reason));
    expect(reasons.filter((reason) => reason.includes('the image was gone'))).toHaveLength(1);
    expect([one, two].map(({ unit }) => unit.holdingRegisters.get(0))).toEqual([7, 7]);
    await writeUntilTaken(two, '0008');
    await until(() => one.unit.holdingRegisters.get(0) === 8);
  });

  test('and is still loading is waited for', async () => {
    const redis = await redisForTest('--appendonly', 'yes', '--appendfsync', 'always', '--key-load-delay', '200000');
    const one = await startSharer(redis);
    await one.ask('fc:06 address:0000 value:0007');
    await redis.kill();
    await until(() => one.image.state === 'away');
    await redis.start();
    await writeUntilTaken(one, '0008');
  });
});

describe('a Redis that takes no writes', () => {
  test('because it is full, has writes refused, and reads answered', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    const [failed, recovered] = [record(one.image, 'failed'), record(one.image, 'recovered')];
    const look = lookInto(redis);
    await look.config('SET', 'maxmemory', '1');
    expect(await one.ask('fc:06 address:0000 value:0008')).toBe('8604');
    expect(await one.ask(READ)).toBe('03020000');
    one.unit.inputRegisters.set(0, 5);
    await expect(one.image.settled()).rejects.toThrow(/takes no writes: OOM/);
    expect(failed.all).toMatchObject([{ error: { message: expect.stringContaining('OOM') } }]);
    expect(one.image.state).toBe('ready');
    await look.config('SET', 'maxmemory', '0');
    await writeUntilTaken(one, '0008');
    await recovered.reached(1);
    await until(async () => (await look.getBuffer('{busbar:plant:1}:inputRegisters'))?.[1] === 5);
  });

  test('has the latest reads answered, however many writes are refused', async () => {
    const redis = await redisForTest();
    const meddled = new MeddledRedis(redis.port);
    const one = await startSharer(redis, { ...SOON, redis: meddled, reads: 'latest' });
    await lookInto(redis).config('SET', 'maxmemory', '1');
    let isOver = false;
    const write = async () => {
      const client = await one.connect();
      while (!isOver) expect(await ask(client, 1, 'fc:06 address:0000 value:0008')).toBe('8604');
    };
    // On a slow link, and each begins while a script of the others is under way, so that writes wait all the time.
    const writers: Promise<void>[] = [];
    meddled.around = async (run) => {
      if (writers.length < 10) writers.push(write());
      await new Promise((resolve) => setTimeout(resolve, 20));
      return run();
    };
    await until(() => writers.length === 10);
    const replies: string[] = [];
    while (replies.length < 20) replies.push(await one.ask(READ));
    isOver = true;
    await Promise.all(writers);
    expect(new Set(replies)).toEqual(new Set(['03020000']));
  });

  test('because it cannot save, is told of, and goes on when it can', async () => {
    const redis = await redisForTest('--dbfilename', 'image.rdb');
    const one = await startSharer(redis);
    const [failed, recovered] = [record(one.image, 'failed'), record(one.image, 'recovered')];
    const look = lookInto(redis);
    await look.config('SET', 'save', '900 1');
    mkdirSync(join(redis.folder, 'image.rdb'));
    await look.bgsave();
    await failed.reached(1);
    expect(await one.ask('fc:06 address:0000 value:0008')).toBe('8604');
    expect(await one.ask(READ)).toBe('03020000');
    expect(failed.all).toMatchObject([{ error: { message: expect.stringContaining('MISCONF') } }]);
    await look.config('SET', 'stop-writes-on-bgsave-error', 'no');
    await writeUntilTaken(one, '0008');
    await recovered.reached(1);
  });

  test('because it is a replica, is away', async () => {
    const [redis, other] = [await redisForTest(), await redisForTest()];
    const one = await startSharer(redis);
    const look = lookInto(redis);
    await look.replicaof('127.0.0.1', other.port);
    await until(() => one.image.state === 'away');
    expect(await one.ask('fc:06 address:0000 value:0008')).toBe('8604');
    await look.replicaof('NO', 'ONE');
    await writeUntilTaken(one, '0008');
  });

  test('because a replica is missing, has clients told that it may not last', async () => {
    const redis = await redisForTest();
    const customFunctions: CustomFunction[] = [
      {
        code: 0x41,
        execute(_, { unit }) {
          unit.holdingRegisters.set(2, 5);
          return [];
        },
      },
    ];
    const options = { ...SOON, waitReplicas: 1 };
    const one = await startSharer(redis, options, DEVICE, { customFunctions });
    expect(await one.ask('fc:06 address:0000 value:0008')).toBe('8604');
    expect(one.unit.holdingRegisters.get(0)).toBe(8);
    one.unit.holdingRegisters.set(1, 7);
    await expect(one.image.settled()).rejects.toMatchObject({ code: 'REPLICAS_MISSING' });
    expect(await one.ask('41')).toBe('C104'); // a function of the program, which sets a register
    const replica = await redisForTest('--replicaof', '127.0.0.1', String(redis.port));
    const look = lookInto(redis);
    await until(async () => (await look.info('replication')).includes('state=online'));
    await writeUntilTaken(one, '0009');
    expect((await lookInto(replica).getBuffer('{busbar:plant:1}:holdingRegisters'))?.[1]).toBe(9);
  });
});

test('a Redis that wants another password is away, until it takes ours', async () => {
  const redis = await redisForTest();
  const one = await startSharer(redis);
  const look = lookInto(redis);
  await look.config('SET', 'requirepass', 'secret');
  await look.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  const away = record(one.image, 'away');
  await away.reached(1);
  expect(await one.ask('fc:06 address:0000 value:0008')).toBe('8604');
  await look.config('SET', 'requirepass', '');
  await writeUntilTaken(one, '0008');
});

describe('joining', () => {
  test('a Redis that is not there, or does not know the password, is refused by name', async () => {
    const redis = await redisForTest('--requirepass', 'secret');
    const joinWith = (options: object) =>
      SharedImage.join({ redis: new Redis({ host: '127.0.0.1', lazyConnect: true, ...options }), image: 'plant' });
    await expect(joinWith({ port: redis.port, password: 'wrong' })).rejects.toMatchObject({ code: 'REDIS_REFUSED' });
    await expect(joinWith({ port: redis.port })).rejects.toMatchObject({ code: 'REDIS_REFUSED' });
    await expect(joinWith({ port: 1 })).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' });
    const image = await joinWith({ port: redis.port, password: 'secret' });
    expect(image.state).toBe('ready');
    await image.close();
  });

  test('an image of another device, or another format, is refused by name', async () => {
    const redis = await redisForTest();
    await startSharer(redis);
    const other = { ...DEVICE, coils: [{ start: 0, count: 17 }] };
    await expect(startSharer(redis, {}, other)).rejects.toMatchObject({
      code: 'IMAGE_LAYOUT',
      message: expect.stringMatching(/coils 0\+16.*coils 0\+17/),
    });
    await lookInto(redis).hset('{busbar:plant:1}:meta', 'format', '0');
    await expect(startSharer(redis)).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
  });

  test('with wrong options names them all', async () => {
    const redis = new Redis({ lazyConnect: true });
    onTestFinished(() => redis.disconnect());
    const wrong = { redis, image: 'a b', commandTimeout: 1, lease: 0 };
    await expect(SharedImage.join(wrong)).rejects.toMatchObject({
      problems: [{ path: ['image'] }, { path: ['commandTimeout'] }, { path: ['lease'] }],
    });
  });
});
