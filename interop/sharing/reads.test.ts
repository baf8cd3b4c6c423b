import { describe, expect, test } from 'vitest';
import { word } from '../../packages/busbar/test/helpers/hex.js';
import { ask } from '../../packages/busbar/test/helpers/served.js';
import { lookInto, redisForTest, startSharer } from './sharer.js';

const READ = 'fc:03 start:0000 count:0001';

describe('with `reads: latest`', () => {
  test('a read sees what was answered before, through whatever server', async () => {
    const redis = await redisForTest();
    const options = { reads: 'latest' } as const;
    const sharers = [await startSharer(redis, options), await startSharer(redis, options)];
    for (let value = 1; value <= 300; value++) {
      const [writer, reader] = value % 2 === 0 ? sharers : [sharers[1], sharers[0]];
      await writer.ask(`fc:06 address:0000 value:${word(value)}`);
      expect(await reader.ask(READ)).toBe(`0302${word(value)}`);
    }
  });

  test('reads of one turn ask Redis together', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis, { reads: 'latest' });
    const clients = await Promise.all(Array.from({ length: 20 }, () => one.connect()));
    const look = lookInto(redis);
    await look.config('RESETSTAT');
    for (let i = 0; i < 10; i++) await Promise.all(clients.map((client) => ask(client, 1, READ)));
    const calls = /cmdstat_evalsha:calls=(\d+)/.exec(await look.info('commandstats'))?.[1];
    expect(Number(calls)).toBeGreaterThan(0);
    expect(Number(calls)).toBeLessThan(200);
  });
});

describe('with `reads: local`', () => {
  test('a read asks Redis for nothing', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis, { lease: 600_000 });
    const look = lookInto(redis);
    await look.config('RESETSTAT');
    for (let i = 0; i < 500; i++) expect(await one.ask(READ)).toBe('03020000');
    const calls = /cmdstat_evalsha:calls=(\d+)/.exec(await look.info('commandstats'))?.[1] ?? 0;
    expect(Number(calls)).toBeLessThan(100);
  });
});
