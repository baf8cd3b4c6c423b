import { Unit } from 'busbar';
import { SharedImage, type SharingOptions } from 'busbar/sharing';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { record } from '../../packages/busbar/test/helpers/events.js';
import type { RedisServer } from '../helpers/redis.js';
import { until } from '../helpers/until.js';
import { MeddledRedis } from './meddled-redis.js';
import { lookInto, redisForTest, startSharer } from './sharer.js';

/** An image without a server. */
async function join(redis: RedisServer, options: Partial<SharingOptions> = {}): Promise<SharedImage> {
  const client = new Redis({ port: redis.port, host: '127.0.0.1', lazyConnect: true });
  const image = await SharedImage.join({ redis: client, image: 'plant', commandTimeout: 5000, ...options });
  onTestFinished(() => image.close());
  return image;
}

function createUnit(id: number, value = 0): Unit {
  return new Unit({ id, holdingRegisters: [{ start: 10, values: [value, value] }] });
}

describe('units of an image', () => {
  test('are apart, and followed together', async () => {
    const redis = await redisForTest();
    const [one, two] = [await join(redis), await join(redis)];
    const units = [1, 2, 3].map((id) => [createUnit(id), createUnit(id)]);
    for (const [here, there] of units) {
      await one.share(here);
      await two.share(there);
    }
    for (const [i, [here]] of units.entries()) here.holdingRegisters.set(10, 100 + i);
    units[1][1].holdingRegisters.set(11, 7);
    await Promise.all([one.settled(), two.settled()]);
    for (const [i, [, there]] of units.entries()) await until(() => there.holdingRegisters.get(10) === 100 + i);
    await until(() => units[1][0].holdingRegisters.get(11) === 7);
    expect(units[0][0].holdingRegisters.get(11)).toBe(0);
  });

  test('have the values of the first server, and those that it has set while the image was made', async () => {
    const redis = await redisForTest();
    const [one, two] = [await join(redis), await join(redis)];
    const [here, there] = [createUnit(1, 5), createUnit(1, 6)];
    const shared = one.share(here);
    here.holdingRegisters.set(11, 9);
    await shared;
    await one.settled();
    await two.share(there);
    expect(there.holdingRegisters.getRange(10, 2)).toEqual([5, 9]);
  });

  test('that are released go their own way, and take the image over when they are shared again', async () => {
    const redis = await redisForTest();
    const [one, two] = [await join(redis), await join(redis)];
    const [here, there] = [createUnit(1), createUnit(1)];
    await one.share(here);
    await two.share(there);
    here.holdingRegisters.set(10, 1);
    await one.release(here);
    await until(() => there.holdingRegisters.get(10) === 1);
    here.holdingRegisters.set(10, 2);
    there.holdingRegisters.set(11, 3);
    await two.settled();
    expect(here.holdingRegisters.getRange(10, 2)).toEqual([2, 0]);
    await one.share(here);
    expect(here.holdingRegisters.getRange(10, 2)).toEqual([1, 3]);
  });

  test('are shared once, and not when they are too large', async () => {
    const redis = await redisForTest();
    const image = await join(redis);
    const unit = createUnit(1);
    await image.share(unit);
    await expect(image.share(unit)).rejects.toMatchObject({ code: 'UNIT_BACKED' });
    const files = Array.from({ length: 500 }, (_, i) => ({ number: i + 1, start: 0, count: 10_000 }));
    await expect(image.share(new Unit({ id: 2, files }))).rejects.toMatchObject({ code: 'UNIT_TOO_LARGE' });
    const plain: object = { id: 3 };
    await expect(image.share(plain as Unit)).rejects.toThrow('unit: expected a Unit, found an object');
    await expect(image.settled(createUnit(3))).rejects.toMatchObject({ code: 'UNIT_NOT_SHARED' });
    await image.close();
    await expect(image.share(createUnit(3))).rejects.toMatchObject({ code: 'IMAGE_CLOSED' });
  });

  test('go on alone together, and make the image again of what they have if it is gone', async () => {
    const redis = await redisForTest();
    const image = await join(redis, { whenAway: 'detach' });
    const units = [createUnit(1), createUnit(2)];
    for (const unit of units) await image.share(unit);
    const back = record(image, 'back');
    for (const lost of [1, 2]) {
      await redis.kill();
      await until(() => image.state === 'detached');
      for (const unit of units) unit.holdingRegisters.set(10, 10 * lost + unit.id);
      await redis.start();
      await back.reached(lost);
      expect(units.map((unit) => unit.holdingRegisters.get(10))).toEqual([10 * lost + 1, 10 * lost + 2]);
    }
    expect(back.all).toEqual([{ lostWrites: 0 }, { lostWrites: 0 }]);
  });

  test('have in an image that is made again what was set last, and also while it was made', async () => {
    const redis = await redisForTest();
    const client = new MeddledRedis(redis.port);
    const image = await join(redis, { redis: client, whenAway: 'detach', commandTimeout: 1000 });
    const unit = createUnit(1);
    await image.share(unit);
    redis.pause();
    unit.holdingRegisters.set(10, 5); // on its way when Redis ends
    await until(() => image.state === 'detached');
    unit.holdingRegisters.set(10, 6);
    await image.settled(); // nothing waits
    client.around = (run, keys) => {
      if (keys === 2) unit.holdingRegisters.set(11, 7); // the script that makes the image
      return run();
    };
    await redis.kill();
    await redis.start();
    await until(() => image.state === 'ready');
    await image.settled();
    expect(unit.holdingRegisters.getRange(10, 2)).toEqual([6, 7]);
    expect(await lookInto(redis).getBuffer('{busbar:plant:1}:holdingRegisters')).toEqual(Buffer.from([0, 6, 0, 7]));
  });

  test('do not wait for one another while a replica is missing', async () => {
    const redis = await redisForTest();
    const image = await join(redis, { waitReplicas: 1, commandTimeout: 1000 });
    const away = record(image, 'away');
    const units = [1, 2, 3, 4, 5, 6].map((id) => createUnit(id));
    for (const unit of units) await image.share(unit);
    for (let value = 1; value <= 4; value++) {
      for (const unit of units) unit.holdingRegisters.set(10, value);
      await Promise.allSettled(units.map((unit) => image.settled(unit)));
    }
    expect(away.all).toEqual([]);
  });

  test('with all addresses are shared', async () => {
    const redis = await redisForTest();
    const all = [{ start: 0, count: 65_536 }];
    const device = { id: 1, coils: all, discreteInputs: all, holdingRegisters: all, inputRegisters: all };
    const [one, two] = [await startSharer(redis, {}, device), await startSharer(redis, {}, device)];
    one.unit.holdingRegisters.set(
      0,
      Array.from({ length: 65_536 }, (_, i) => i),
    );
    one.unit.coils.set(65_535, true);
    await one.image.settled();
    await until(() => two.unit.coils.get(65_535));
    expect(two.unit.holdingRegisters.getRange(65_534, 2)).toEqual([65_534, 65_535]);
    const three = await startSharer(redis, {}, device);
    expect(three.unit.holdingRegisters.get(4711)).toBe(4711);
    expect(await lookInto(redis).strlen('{busbar:plant:1}:holdingRegisters')).toBe(131_072);
  });
});
