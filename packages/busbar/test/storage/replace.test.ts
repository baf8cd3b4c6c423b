import { describe, expect, test } from 'vitest';
import { Unit } from '../../src/index.js';
import { Storage, type Store } from '../../src/storage/index.js';

/** A store in memory. */
class MemoryStore implements Store {
  readonly stored = new Map<string, Uint8Array>();

  async *entries(prefix = ''): AsyncIterable<readonly [string, Uint8Array]> {
    for (const entry of [...this.stored].sort()) if (entry[0].startsWith(prefix)) yield entry;
  }

  async put(entries: ReadonlyMap<string, Uint8Array | undefined>): Promise<void> {
    for (const [key, value] of entries) {
      if (value === undefined) this.stored.delete(key);
      else this.stored.set(key, value);
    }
  }

  async close(): Promise<void> {}
}

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
