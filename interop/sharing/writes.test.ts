import type { CustomFunction } from 'busbar';
import { describe, expect, test } from 'vitest';
import { hex, toHex, word } from '../../packages/busbar/test/helpers/hex.js';
import { ask } from '../../packages/busbar/test/helpers/served.js';
import { until } from '../helpers/until.js';
import { DEVICE, lookInto, redisForTest, type Sharer, startSharer } from './sharer.js';

/** The request that writes one holding register. */
function writeRegister(address: number, value: number): string {
  return `fc:06 address:${word(address)} value:${word(value)}`;
}

/** The units of the servers have the same registers and bits, and so has Redis. */
async function expectEqual(redis: { readonly port: number }, sharers: readonly Sharer[]): Promise<void> {
  const look = lookInto(redis);
  const registers = await look.getBuffer('{busbar:plant:1}:holdingRegisters');
  const coils = await look.getBuffer('{busbar:plant:1}:coils');
  const held = ({ unit }: Sharer) => {
    const words = [...unit.holdingRegisters.getRange(0, 100), ...unit.holdingRegisters.getRange(200, 10)];
    return words.map(word).join('').toLowerCase() + unit.coils.getRange(0, 16).map(Number).join('');
  };
  const expected = `${registers?.toString('hex')}${[...(coils ?? [])].join('')}`;
  for (const sharer of sharers) {
    await until(
      () => held(sharer),
      (words) => words === expected,
    );
  }
}

describe('what a client writes', () => {
  test('is on all servers, and in Redis as it is documented', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    expect(await one.ask('fc:10 start:00C8 count:0002 bytes:04 values:1234_5678')).toBe('1000C80002');
    expect(await one.ask('fc:05 address:0003 value:FF00')).toBe('050003FF00');
    expect(await one.ask('fc:15 bytes:0B type:06 file:0004 record:0002 length:0002 values:00AA_00BB')).toMatch(/^15/);
    await until(() => two.unit.files.get(4)?.get(3) === 0xbb);
    expect(two.unit.holdingRegisters.getRange(200, 2)).toEqual([0x1234, 0x5678]);
    expect(two.unit.coils.get(3)).toBe(true);
    const look = lookInto(redis);
    const registers = await look.getBuffer('{busbar:plant:1}:holdingRegisters');
    expect(registers?.length).toBe(220);
    expect(registers?.subarray(200, 204).toString('hex')).toBe('12345678');
    expect((await look.getBuffer('{busbar:plant:1}:coils'))?.toString('hex')).toBe('00000001'.padEnd(32, '0'));
    expect(await look.hgetall('{busbar:plant:1}:meta')).toMatchObject({ format: '1', version: '4' });
    const ids = (await look.xrange('{busbar:plant:1}:stream', '-', '+')).map(([id]) => id);
    expect(ids).toEqual(['1-0', '2-0', '3-0', '4-0']);
  });

  test('reaches its own server before the reply, and is told there as a write of that client', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    const told: unknown[] = [];
    one.unit.on('write', ({ address, values, previous, peer }) => told.push({ address, values, previous, peer }));
    await one.ask(writeRegister(5, 77));
    expect(one.unit.holdingRegisters.get(5)).toBe(77);
    expect(told).toEqual([
      { address: 5, values: [77], previous: [0], peer: expect.objectContaining({ transport: 'tcp' }) },
    ]);
  });

  test('is told on the other servers as a change by sharing', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    const told: unknown[] = [];
    two.unit.on('change', ({ by, ...change }) => told.push({ by, ...('address' in change ? change : {}) }));
    await one.ask('fc:10 start:0001 count:0002 bytes:04 values:0007_0008');
    await until(() => told.length > 0);
    expect(told).toMatchObject([{ by: 'sharing', address: 1, values: [7, 8], previous: [0, 0] }]);
  });

  test('is refused where the device refuses it, and Redis does not hear of it', async () => {
    const redis = await redisForTest();
    const one = await startSharer(redis);
    expect(await one.ask(writeRegister(150, 1))).toBe('8602');
    expect(await lookInto(redis).hget('{busbar:plant:1}:meta', 'version')).toBe('1');
  });

  test('is in the order in which one connection sent it, with what it reads in between', async () => {
    const redis = await redisForTest();
    const [one, two] = [await startSharer(redis), await startSharer(redis)];
    const read = hex('fc:03 start:0000 count:0001');
    for (let value = 1; value <= 200; value++) {
      one.client.send(1, hex(writeRegister(0, value)));
      one.client.send(1, hex(writeRegister(1, value)));
      one.client.send(1, read);
    }
    for (let value = 1; value <= 200; value++) {
      expect(toHex((await one.client.next())?.pdu ?? read)).toBe(`060000${word(value)}`);
      expect(toHex((await one.client.next())?.pdu ?? read)).toBe(`060001${word(value)}`);
      expect(toHex((await one.client.next())?.pdu ?? read)).toBe(`0302${word(value)}`);
    }
    await until(() => two.unit.holdingRegisters.get(1) === 200);
    await expectEqual(redis, [one, two]);
  });

  test('by mask writes of many clients through two servers loses no bit', async () => {
    const redis = await redisForTest();
    const sharers = [await startSharer(redis), await startSharer(redis)];
    const set = async (bit: number) => {
      const client = await sharers[bit % 2].connect();
      for (let i = 0; i < 20; i++) {
        for (const on of [true, false, true]) {
          const [and, or] = [~(1 << bit), on ? 1 << bit : 0];
          expect(await ask(client, 1, `fc:16 address:0007 and:${word(and)} or:${word(or)}`)).toMatch(/^16/);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, bit) => set(bit)));
    await expectEqual(redis, sharers);
    expect(sharers[0].unit.holdingRegisters.get(7)).toBe(0xffff);
  });

  test('by coils that are bits of registers leaves their neighbours alone', async () => {
    const redis = await redisForTest();
    const device = { id: 1, shared: true, holdingRegisters: [{ start: 0, count: 10 }] };
    const sharers = [await startSharer(redis, {}, device), await startSharer(redis, {}, device)];
    const set = async (coil: number) => {
      const client = await sharers[coil % 2].connect();
      expect(await ask(client, 1, `fc:05 address:${word(coil)} value:FF00`)).toMatch(/^05/);
    };
    await Promise.all(Array.from({ length: 32 }, (_, coil) => set(coil)));
    for (const { unit } of sharers) await until(() => unit.holdingRegisters.get(1) === 0xffff);
    for (const { unit } of sharers) expect(unit.holdingRegisters.getRange(0, 2)).toEqual([0xffff, 0xffff]);
  });

  test('never makes a point that clients write in halves what its limits forbid', async () => {
    const redis = await redisForTest();
    const device = { id: 1, points: { flow: { at: 'holding 0', type: 'uint32', max: 0x1_0000 } } } as const;
    const sharers = [await startSharer(redis, {}, device), await startSharer(redis, {}, device)];
    const seen = new Set<number>();
    for (const { unit } of sharers) {
      unit.on('pointChange', ({ value }) => typeof value === 'number' && seen.add(value));
    }
    const write = async (each: number) => {
      const client = await sharers[each % 2].connect();
      // The high half may be 1 only while the low half is 0.
      for (let i = 0; i < 50; i++) await ask(client, 1, writeRegister(i % 2, (i + each) % 2));
    };
    await Promise.all(Array.from({ length: 8 }, (_, each) => write(each)));
    expect([...seen].filter((value) => value > 0x1_0000)).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  });

  test('leaves all servers equal, whoever writes what and where', async () => {
    const redis = await redisForTest();
    const sharers = [await startSharer(redis), await startSharer(redis), await startSharer(redis)];
    const write = async (each: number) => {
      const sharer = sharers[each % 3];
      const client = await sharer.connect();
      for (let i = 0; i < 100; i++) {
        const value = each * 256 + i;
        if (i % 10 === 0) sharer.unit.holdingRegisters.set(i % 7, [value, value, value]);
        else if (i % 3 === 0)
          await ask(client, 1, `fc:0F start:${word(i % 8)} count:0004 bytes:01 values:${word(i).slice(2)}`);
        else if (i % 3 === 1) await ask(client, 1, writeRegister(i % 10, value));
        else await ask(client, 1, `fc:10 start:${word(i % 5)} count:0003 bytes:06 values:${word(value).repeat(3)}`);
      }
    };
    await Promise.all(Array.from({ length: 9 }, (_, each) => write(each)));
    await Promise.all(sharers.map(({ image }) => image.settled()));
    await expectEqual(redis, sharers);
  });

  test('by a function of the program is answered when what it sets is in the image', async () => {
    const redis = await redisForTest();
    const look = lookInto(redis);
    const setInput: CustomFunction = {
      code: 0x41,
      execute: async (_, { unit }) => {
        unit.inputRegisters.set(3, 33);
        return [];
      },
    };
    const one = await startSharer(redis, {}, DEVICE, { customFunctions: [setInput] });
    expect(await one.ask('fc:41')).toBe('41');
    const inputs = await look.getBuffer('{busbar:plant:1}:inputRegisters');
    expect(inputs?.subarray(6, 8).toString('hex')).toBe('0021');
  });
});
