import { describe, expect, test } from 'vitest';
import { Unit } from '../../src/index.js';
import { Storage, type Store } from '../../src/storage/index.js';
import { MemoryStore } from './memory-store.js';

const former = () =>
  new Unit({
    id: 1,
    holdingRegisters: [{ start: 0, count: 300 }],
    coils: [{ start: 0, count: 8 }],
    fifos: [{ pointer: 5 }],
  });
const latter = () =>
  new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [7, 8, 9] }], coils: [{ start: 0, count: 8 }] });

/** What a unit gets from a store. */
async function restoredFrom(store: Store, unit: Unit) {
  const storage = await Storage.open({ store });
  const restored = await storage.keep(unit);
  await storage.close();
  return restored;
}

describe('a unit in the place of another that is kept', () => {
  test('is kept, with what it is given and nothing of the one before', async () => {
    const store = new MemoryStore();
    const storage = await Storage.open({ store });
    const [before, after] = [former(), latter()];
    await storage.keep(before);
    before.holdingRegisters.set(1, 100);
    before.holdingRegisters.set(299, 1);
    before.coils.set(3, true);
    before.fifos.get(5)?.push(1, 2);
    await storage.flush();
    before.coils.set(4, true);
    storage.replace(before, after);
    after.holdingRegisters.set(1, 100);
    before.coils.set(5, true);
    await storage.close();
    const next = latter();
    expect(await restoredFrom(store, next)).toEqual({ values: 1, dropped: [] });
    expect(next.holdingRegisters.getRange(0, 3)).toEqual([7, 100, 9]);
    expect(next.coils.getRange(0, 8)).not.toContain(true);
  });

  test('goes on being kept, and can be released', async () => {
    const store = new MemoryStore();
    const storage = await Storage.open({ store });
    const [before, after] = [former(), latter()];
    await storage.keep(before);
    before.holdingRegisters.set(0, 1);
    storage.replace(before, after);
    await storage.release(before);
    after.coils.set(0, true);
    await storage.release(after);
    after.coils.set(1, true);
    await storage.close();
    const next = latter();
    await restoredFrom(store, next);
    expect([next.coils.getRange(0, 2), next.holdingRegisters.get(0)]).toEqual([[true, false], 7]);
  });

  test('is whole, though a batch of the one before was under way, and failed', async () => {
    const store = new MemoryStore();
    const storage = await Storage.open({ store });
    const units = Array.from({ length: 4 }, () => new Unit({ id: 1, files: [{ number: 4, start: 0, count: 10 }] }));
    await storage.keep(units[0]);
    units[0].files.get(4)?.set(0, 5);
    await storage.flush();
    // It deletes the record, and is under way.
    units[0].files.delete(4);
    for (const [i, after] of units.slice(1).entries()) {
      store.stop();
      const begun = store.begun(store.puts.length + 1);
      const flushed = storage.flush();
      await begun;
      storage.replace(units[i], after);
      store.failure = new Error('no space');
      store.go();
      await expect(flushed).rejects.toMatchObject({ code: 'STORE_FAILED' });
    }
    store.failure = undefined;
    units[3].files.get(4)?.set(1, 7);
    await storage.close();
    const next = new Unit({ id: 1, files: [{ number: 4, start: 0, count: 10 }] });
    expect(await restoredFrom(store, next)).toEqual({ values: 1, dropped: [] });
    expect(next.files.get(4)?.getRange(0, 3)).toEqual([0, 7, 0]);
  });

  test('must have the id of one that is kept', async () => {
    const storage = await Storage.open({ store: new MemoryStore() });
    const [before, after] = [former(), latter()];
    expect(() => storage.replace(before, after)).toThrow('before: unit 1 is not kept');
    await storage.keep(before);
    expect(() => storage.replace(before, new Unit({ id: 2 }))).toThrow('after: expected the id 1, found 2');
    storage.replace(before, after);
    expect(() => storage.replace(before, latter())).toThrow('before: unit 1 is not kept');
    await storage.close();
  });
});
