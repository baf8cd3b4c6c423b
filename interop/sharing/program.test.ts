import { describe, expect, test } from 'vitest';
import { record, turns } from '../../packages/busbar/test/helpers/events.js';
import { hex, word } from '../../packages/busbar/test/helpers/hex.js';
import { until } from '../helpers/until.js';
import { MeddledRedis } from './meddled-redis.js';
import { lookInto, redisForTest, type Sharer, startSharer } from './sharer.js';

describe('what the program sets', () => {
  test('has its effect at once, and is soon on the other servers and in Redis', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    one.unit.inputRegisters.set(2, [7, 8]);
    one.unit.discreteInputs.set(1, true);
    expect(one.unit.inputRegisters.get(3)).toBe(8);
    await one.image.settled();
    expect((await lookInto(redis).getBuffer('{busbar:plant:1}:inputRegisters'))?.toString('hex')).toContain('00070008');
    await until(() => two.unit.discreteInputs.get(1));
    expect(two.unit.inputRegisters.getRange(2, 2)).toEqual([7, 8]);
  });

  test('in one turn is one change of the image', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    for (let i = 0; i < 1000; i++) one.unit.holdingRegisters.set(i % 100, i);
    await one.image.settled();
    expect(await lookInto(redis).hget('{busbar:plant:1}:meta', 'version')).toBe('2');
    expect(one.unit.holdingRegisters.getRange(98, 2)).toEqual([998, 999]);
  });

  test('to what is there already needs no change of the image', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    one.unit.holdingRegisters.set(0, 0);
    await one.image.settled();
    expect(await lookInto(redis).hget('{busbar:plant:1}:meta', 'version')).toBe('1');
  });

  test('is not overwritten by what others wrote before it', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    const seen: number[] = [];
    one.unit.on('change', (change) => {
      if (change.part === 'holdingRegisters') seen.push(change.values[0]);
    });
    for (let value = 1; value <= 100; value++) {
      two.unit.holdingRegisters.set(0, 1000 + value);
      await turns();
      one.unit.holdingRegisters.set(0, value);
      expect(one.unit.holdingRegisters.get(0)).toBe(value);
      await one.image.settled();
    }
    await Promise.all([one.image.settled(), two.image.settled()]);
    await until(() => one.unit.holdingRegisters.get(0) === two.unit.holdingRegisters.get(0));
    expect(seen.filter((value) => value <= 100)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  test('at once in several registers stays together, though some of them had these values before', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    const pair = ({ unit }: Sharer) => unit.holdingRegisters.getRange(0, 2);
    for (let value = 1; value <= 50; value++) {
      one.unit.holdingRegisters.set(0, [0, 0]);
      await one.image.settled();
      await until(() => pair(two).every((register) => register === 0));
      two.unit.holdingRegisters.set(0, [1000, 1000]);
      one.unit.holdingRegisters.set(0, [value, 0]);
      await Promise.all([one.image.settled(), two.image.settled()]);
      await until(() => `${pair(one)}` === `${pair(two)}`);
      expect(['1000,1000', `${value},0`]).toContain(`${pair(one)}`);
    }
  });

  test('and what a client writes at the same time end in the order of the image', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    for (let value = 1; value <= 100; value++) {
      const id = one.client.send(1, hex(`fc:06 address:0000 value:${word(value)}`));
      expect(id).toBeGreaterThan(0);
      await turns();
      one.unit.holdingRegisters.set(0, 1000 + value);
      expect((await one.client.next())?.pdu[0]).toBe(6);
    }
    await one.image.settled();
    const bytes = await lookInto(redis).getBuffer('{busbar:plant:1}:holdingRegisters');
    const last = bytes?.readUInt16BE(0);
    await until(() => two.unit.holdingRegisters.get(0) === last);
    expect(one.unit.holdingRegisters.get(0)).toBe(last);
    expect([100, 1100]).toContain(last);
    // Once for each write and each set, and for what was there at first.
    expect(await lookInto(redis).xlen('{busbar:plant:1}:stream')).toBeLessThanOrEqual(201);
  });

  test('by a listener that hears of a write stays, though an earlier one is on its way', async () => {
    const redis = await redisForTest();
    const client = new MeddledRedis(redis.port);
    const { image, unit, ask } = await startSharer(redis, { redis: client });
    const writes = record(unit, 'write');
    unit.on('write', () => unit.holdingRegisters.set(0, 8));
    client.around = (run) => {
      if (writes.all.length === 0) unit.holdingRegisters.set(0, 1000);
      return run();
    };
    expect(await ask('fc:06 address:0000 value:0007')).toBe('0600000007');
    await image.settled();
    expect(unit.holdingRegisters.get(0)).toBe(8);
    expect((await lookInto(redis).getBuffer('{busbar:plant:1}:holdingRegisters'))?.readUInt16BE(0)).toBe(8);
  });

  test('in queues and files is shared, too', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    one.unit.fifos.get(50)?.push(1, 2, 3);
    one.unit.files.get(4)?.set(9, 99);
    await one.image.settled();
    await until(() => two.unit.fifos.get(50)?.length === 3);
    two.unit.fifos.get(50)?.drain(2);
    await until(() => one.unit.fifos.get(50)?.length === 1);
    expect(one.unit.fifos.get(50)?.values).toEqual([3]);
    expect(two.unit.files.get(4)?.get(9)).toBe(99);
    expect(await two.ask('fc:18 pointer:0032')).toBe('18000400010003');
  });

  test('is refused where it changes which files there are', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    const refused = record(one.image, 'refused');
    one.unit.files.create(9, { start: 0, count: 2 });
    expect(refused.all).toMatchObject([{ change: { part: 'files', file: 9 }, error: { code: 'CHANGE_REFUSED' } }]);
  });
});

describe('the server that leads', () => {
  test('is one, and its changes in the name of the simulator count', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    await until(() => one.image.leads(one.unit));
    expect(two.image.leads(two.unit)).toBe(false);
    one.unit.as('simulator', () => one.unit.inputRegisters.set(0, 11));
    await one.image.settled();
    await until(() => two.unit.inputRegisters.get(0) === 11);
  });

  test('is the only one: those of another are refused, and taken back', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    await until(() => one.image.leads(one.unit));
    one.unit.inputRegisters.set(0, 11);
    await one.image.settled();
    await until(() => two.unit.inputRegisters.get(0) === 11);
    const refused = record(two.image, 'refused');
    two.unit.as('simulator', () => two.unit.inputRegisters.set(0, 22));
    expect(two.unit.inputRegisters.get(0)).toBe(22);
    await expect(two.image.settled()).rejects.toMatchObject({ code: 'CHANGE_REFUSED' });
    expect(two.unit.inputRegisters.get(0)).toBe(11);
    expect(refused.all).toMatchObject([{ change: { part: 'inputRegisters', address: 0, quantity: 1 } }]);
    expect(one.unit.inputRegisters.get(0)).toBe(11);
  });

  test('hands over when it releases the unit', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    await until(() => one.image.leads(one.unit));
    const leads = record(two.image, 'lead');
    const follows = record(one.image, 'follow');
    await one.image.release(one.unit);
    await until(() => two.image.leads(two.unit));
    expect([leads.all.length, follows.all.length]).toEqual([1, 0]);
    expect(one.image.leads(one.unit)).toBe(false);
  });
});
