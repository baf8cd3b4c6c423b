import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { record } from '../../packages/busbar/test/helpers/events.js';
import { hex, word } from '../../packages/busbar/test/helpers/hex.js';
import { until } from '../helpers/until.js';
import { MeddledRedis } from './meddled-redis.js';
import { lookInto, redisForTest, startSharer } from './sharer.js';

const STREAM = '{busbar:plant:1}:stream';

/** A client whose connections lose replies when they are told to: Redis has done what it was asked, nobody hears it. */
class Lossy extends MeddledRedis {
  /** How many of the next scripts lose their reply. */
  losses = 0;

  override around = async (run: () => Promise<unknown>) => {
    const reply = await run();
    if (this.losses === 0) return reply;
    this.losses--;
    throw new Error('the reply is lost');
  };
}

describe('the stream', () => {
  test('has a change once, even if it was sent twice', async () => {
    const redis = await redisForTest();
    const lossy = new Lossy(redis.port);
    const one = await startSharer(redis, { redis: lossy });
    const look = lookInto(redis);
    await until(() => one.image.leads(one.unit));
    lossy.losses = 3;
    one.unit.holdingRegisters.set(0, 7);
    await until(() => lossy.losses === 0 && one.image.state === 'ready');
    await one.image.settled();
    expect(await look.xlen(STREAM)).toBe(2);
    await one.ask('fc:06 address:0001 value:0008');
    expect(await look.xlen(STREAM)).toBe(3);
  });

  test('has a client told that nothing is known when its reply is lost, and its write all the same', async () => {
    const redis = await redisForTest();
    const lossy = new Lossy(redis.port);
    const [one, two] = [await startSharer(redis, { redis: lossy }), await startSharer(redis)];
    await one.ask('fc:06 address:0001 value:0001');
    lossy.losses = 1;
    const reply = await one.ask('fc:06 address:0000 value:0007');
    // The other connection may have brought the news of the write before.
    expect(['8604', '0600000007']).toContain(reply);
    await until(() => [one, two].every(({ unit }) => unit.holdingRegisters.get(0) === 7));
    await until(() => one.image.state === 'ready');
    expect(await lookInto(redis).xlen(STREAM)).toBe(3);
  });

  test('whose connections are cut again and again leaves nobody waiting, and all servers equal', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    const look = lookInto(redis);
    let acknowledged = 0;
    for (let value = 1; value <= 60; value++) {
      if (value % 5 === 0) await look.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      const id = one.client.send(1, hex(`fc:06 address:0000 value:${word(value)}`));
      const reply = await one.client.next();
      expect(reply?.transactionId).toBe(id);
      if (reply?.pdu[0] === 6) acknowledged = value;
      else await until(() => one.image.state === 'ready');
    }
    expect(acknowledged).toBeGreaterThan(0);
    await until(() => two.image.state === 'ready');
    const last = (await look.getBuffer('{busbar:plant:1}:holdingRegisters'))?.readUInt16BE(0);
    await until(() => [one, two].every(({ unit }) => unit.holdingRegisters.get(0) === last));
    expect(last).toBeGreaterThanOrEqual(acknowledged);
  });

  test('that is trimmed ahead of a server has it read all again', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    const reloaded = record(one.image, 'reloaded');
    await lookInto(redis).eval(
      `redis.call('SETRANGE', '{busbar:plant:1}:holdingRegisters', 0, '\\0\\7')
       for i = 2, 9 do redis.call('XADD', KEYS[1], i .. '-0', 't', 'x' .. i, 'p', 'x' .. (i - 1), 'c', '') end
       redis.call('XTRIM', KEYS[1], 'MAXLEN', 1)
       redis.call('HSET', '{busbar:plant:1}:meta', 'version', 9, 'tag', 'x9')`,
      1,
      STREAM,
    );
    await reloaded.reached(1);
    expect(reloaded.all).toMatchObject([{ reason: expect.stringMatching(/too far behind .* had 1, Redis has 9/) }]);
    expect(one.unit.holdingRegisters.get(0)).toBe(7);
  });

  test.each([
    ['deleted', (look: Redis) => look.del(STREAM)],
    ['emptied', (look: Redis) => look.xtrim(STREAM, 'MAXLEN', 0)],
    ['with changes of something else', (look: Redis) => look.xadd(STREAM, '9-0', 't', 'x', 'p', 'y', 'c', '')],
  ])('%s begins anew: servers go on, and do not read all values again and again', async (_, harm) => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    const reloads = [one, two].map(({ image }) => record(image, 'reloaded'));
    for (const value of [1, 2, 3]) await one.ask(`fc:06 address:0000 value:${word(value)}`);
    await harm(lookInto(redis));
    await until(async () => (await two.ask('fc:06 address:0001 value:0007')) === '0600010007');
    await until(async () => (await one.ask('fc:06 address:0002 value:0008')) === '0600020008');
    await until(() => [one, two].every(({ unit }) => unit.holdingRegisters.getRange(0, 3).join() === '3,7,8'));
    for (const { all } of reloads) expect(all.length).toBeLessThan(4);
  });

  test('of an image without one of its parts is made with it again, with all that servers have', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    await one.ask('fc:06 address:0000 value:0007');
    await until(() => two.unit.holdingRegisters.get(0) === 7);
    await lookInto(redis).del('{busbar:plant:1}:holdingRegisters');
    await until(async () => (await two.ask('fc:06 address:0063 value:0008')) === '0600630008');
    const three = await startSharer(redis);
    for (const { unit } of [one, two, three]) {
      await until(() => [0, 99].every((address, i) => unit.holdingRegisters.get(address) === 7 + i));
    }
  });

  test('of an image without its facts is made with it again', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    await one.ask('fc:06 address:0000 value:0007');
    await lookInto(redis).hdel('{busbar:plant:1}:meta', 'epoch');
    await until(async () => (await one.ask('fc:06 address:0001 value:0008')) === '0600010008');
    expect(one.unit.holdingRegisters.getRange(0, 2)).toEqual([7, 8]);
  });

  test('does not grow beyond its bound', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    const look = lookInto(redis);
    await look.eval(
      `for i = 2, 20000 do
         redis.call('XADD', KEYS[1], i .. '-0', 't', 'x' .. i, 'p', 'x' .. (i - 1), 'c', '')
       end
       redis.call('HSET', '{busbar:plant:1}:meta', 'version', 20000, 'tag', 'x20000')`,
      1,
      STREAM,
    );
    await until(async () => (await one.ask('fc:06 address:0000 value:0001')) === '0600000001');
    expect(await look.xlen(STREAM)).toBeLessThan(10_500);
  });
});
