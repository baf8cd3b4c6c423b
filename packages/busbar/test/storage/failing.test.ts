import type { CustomFunction } from 'busbar';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { record, turns } from '../helpers/events.js';
import { ask } from '../helpers/served.js';
import { MemoryStore } from './memory-store.js';
import { DEVICE, keepIn, serveKept } from './storing.js';

const FULL = Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });

/** Sets register 0 to 5. */
const SET: CustomFunction = {
  code: 0x41,
  execute(_, { unit }) {
    unit.holdingRegisters.set(0, 5);
    return [];
  },
};

describe('a store that fails', () => {
  it('costs the writes that wait for it: they get exception 04, and are taken back', async () => {
    const store = new MemoryStore();
    const { connect, unit, storage } = await serveKept(store);
    const failed = record(storage, 'failed');
    const [one, other] = [await connect(), await connect()];
    store.stop();
    const before = store.puts.length;
    const first = ask(one, 1, 'fc:10 start:007E quantity:0004 bytes:08 0001 0002 0003 0004');
    await store.begun(before + 1);
    // Built on the first, and not in its batch.
    const second = ask(other, 1, 'fc:16 address:007E and:FFFF or:0000');
    const third = ask(one, 1, 'fc:0F start:0003 quantity:0002 bytes:01 03');
    while (!unit.coils.get(3)) await turns();
    store.failure = FULL;
    store.go();
    expect([await first, await second, await third]).toEqual(['9004', '9604', '8F04']);
    expect(unit.holdingRegisters.getRange(126, 4)).toEqual([7, 7, 7, 7]);
    expect(unit.coils.getRange(3, 2)).toEqual([false, false]);
    expect(storage.state).toBe('failing');
    expect(failed.all.map(({ error }) => error)).toMatchObject([{ code: 'STORE_FAILED', cause: FULL }]);
  });

  it('refuses writes before they have an effect, lets reads go on, and recovers', async () => {
    const store = new MemoryStore();
    const { connect, unit, storage } = await serveKept(store);
    const [failed, recovered] = [record(storage, 'failed'), record(storage, 'recovered')];
    const client = await connect();
    store.failure = FULL;
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('8604');
    const writes = record(unit, 'write');
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('8604');
    expect(writes.all).toEqual([]);
    expect(await ask(client, 1, 'fc:03 start:0005 quantity:0001')).toBe('03020007');
    store.failure = undefined;
    await recovered.reached(1);
    expect(storage.state).toBe('ready');
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('0600051234');
    expect(failed.all.length).toBe(1);
    const again = await keepIn(store);
    expect(again.unit.holdingRegisters.getRange(4, 3)).toEqual([7, 0x1234, 7]);
  });

  it('never takes back what the program has set, even in the same register', async () => {
    const store = new MemoryStore();
    const { connect, unit, storage } = await serveKept(store);
    const client = await connect();
    unit.on('write', () => unit.holdingRegisters.set(8, 88));
    store.stop();
    const before = store.puts.length;
    const reply = ask(client, 1, 'fc:10 start:0005 quantity:0003 bytes:06 0001 0002 0003');
    await store.begun(before + 1);
    unit.holdingRegisters.set(6, 66);
    unit.holdingRegisters.set(7, 3);
    store.failure = FULL;
    store.go();
    expect(await reply).toBe('9004');
    expect(unit.holdingRegisters.getRange(4, 6)).toEqual([7, 7, 66, 3, 88, 7]);
    store.failure = undefined;
    await storage.flush();
    const again = await keepIn(store);
    expect(again.unit.holdingRegisters.getRange(4, 6)).toEqual([7, 7, 66, 3, 88, 7]);
  });

  it('takes back only what is not on disk: what an earlier batch has written stays', async () => {
    const store = new MemoryStore();
    const { connect, unit } = await serveKept(store);
    const [one, other] = [await connect(), await connect()];
    store.stop();
    const before = store.puts.length;
    const first = ask(one, 1, 'fc:06 address:0005 value:0001');
    await store.begun(before + 1);
    const second = ask(other, 1, 'fc:06 address:0005 value:0002');
    while (unit.holdingRegisters.get(5) !== 2) await turns();
    store.step();
    expect(await first).toBe('0600050001');
    await store.begun(before + 2);
    store.failure = FULL;
    store.go();
    expect(await second).toBe('8604');
    expect(unit.holdingRegisters.get(5)).toBe(1);
  });

  it('counts as failing when it does not answer in time', async () => {
    const store = new MemoryStore();
    const { connect, unit, storage } = await serveKept(store, DEVICE, { timeout: 30 });
    const recovered = record(storage, 'recovered');
    store.stop();
    const client = await connect();
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('8604');
    expect(unit.holdingRegisters.get(5)).toBe(7);
    await expect(storage.flush()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(/30 ms/),
    });
    store.go();
    await recovered.reached(1);
    // The put that was late has written the value: it is put right.
    await storage.flush();
    expect((await keepIn(store)).unit.holdingRegisters.get(5)).toBe(7);
  });

  it('counts as failing, though no client waits, when a batch takes 5 s, and a second more for each megabyte', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    for (const [records, time] of [
      [1, 5000],
      [10_000, 6000],
    ]) {
      const store = new MemoryStore();
      const files = Array.from({ length: 50 }, (_, i) => ({ number: i + 1, start: 0, count: 10_000 }));
      const { unit, storage } = await keepIn(store, { id: 1, files }, { mode: 'interval', interval: 1 });
      store.stop();
      for (const { number } of files) unit.files.get(number)?.set(0, new Array(records).fill(1));
      await vi.advanceTimersByTimeAsync(1);
      await store.begun(2);
      await vi.advanceTimersByTimeAsync(time - 1);
      expect(storage.state).toBe('ready');
      await vi.advanceTimersByTimeAsync(1);
      expect(storage.state).toBe('failing');
    }
  });

  it('tells of what is taken back, by the storage', async () => {
    const store = new MemoryStore();
    const { connect, unit } = await serveKept(store);
    const changes = record(unit, 'change');
    store.failure = FULL;
    await ask(await connect(), 1, 'fc:06 address:0005 value:1234');
    expect(
      changes.all.map(({ by, ...change }) => ({ by: typeof by === 'string' ? by : 'peer', ...change })),
    ).toMatchObject([
      { by: 'peer', address: 5, values: [0x1234], previous: [7] },
      { by: 'storage', address: 5, values: [7], previous: [0x1234] },
    ]);
  });

  it('leaves what a custom function has done, and answers 04', async () => {
    const store = new MemoryStore();
    const { connect, unit } = await serveKept(store, DEVICE, {}, { customFunctions: [SET] });
    store.failure = FULL;
    expect(await ask(await connect(), 1, 'fc:41')).toBe('C104');
    expect(unit.holdingRegisters.get(0)).toBe(5);
  });
});
