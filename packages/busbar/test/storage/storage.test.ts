import { Unit } from 'busbar';
import { Storage } from 'busbar/storage';
import { startTcpServerSync } from 'busbar/sync';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { record } from '../helpers/events.js';
import { ask } from '../helpers/served.js';
import { MemoryStore } from './memory-store.js';
import { DEVICE, keepIn, serveKept } from './storing.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

describe('a storage', () => {
  it('keeps several units apart, whatever their ids begin with', async () => {
    const store = new MemoryStore();
    const storage = await Storage.open({ store });
    const units = [1, 11, 111].map((id) => new Unit({ ...DEVICE, id }));
    for (const unit of units) await storage.keep(unit);
    for (const unit of units) unit.holdingRegisters.set(0, unit.id);
    await storage.close();
    const again = await Storage.open({ store });
    for (const id of [11, 1, 111]) {
      const unit = new Unit({ ...DEVICE, id });
      expect((await again.keep(unit)).values).toBe(1);
      expect(unit.holdingRegisters.get(0)).toBe(id);
    }
  });

  it('with an interval answers at once, and has what has changed on disk a moment later', async () => {
    const store = new MemoryStore();
    const { connect, storage } = await serveKept(store, DEVICE, { mode: 'interval', interval: 20 });
    const client = await connect();
    store.stop();
    const before = store.puts.length;
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('0600051234');
    await store.begun(before + 1);
    expect(await ask(client, 1, 'fc:06 address:0006 value:1234')).toBe('0600061234');
    store.go();
    await storage.close();
    expect((await keepIn(store)).unit.holdingRegisters.getRange(5, 2)).toEqual([0x1234, 0x1234]);
  });

  it('with an interval goes on serving while the store fails, and writes all when it works again', async () => {
    const store = new MemoryStore();
    const { connect, storage } = await serveKept(store, DEVICE, { mode: 'interval', interval: 1 });
    const [failed, recovered] = [record(storage, 'failed'), record(storage, 'recovered')];
    const client = await connect();
    store.failure = new Error('no space');
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('0600051234');
    await failed.reached(1);
    expect(await ask(client, 1, 'fc:06 address:0006 value:1234')).toBe('0600061234');
    store.failure = undefined;
    await recovered.reached(1);
    await storage.close();
    expect((await keepIn(store)).unit.holdingRegisters.getRange(5, 2)).toEqual([0x1234, 0x1234]);
  });

  it('writes at its close what is not written yet, and closes the store', async () => {
    const store = new MemoryStore();
    const { unit, storage } = await keepIn(store, DEVICE, { mode: 'interval', interval: 1_000_000 });
    unit.holdingRegisters.set(5, 1);
    await storage.close();
    await storage.close();
    expect({ closed: store.closed, state: storage.state }).toEqual({ closed: true, state: 'closed' });
    expect((await keepIn(store)).unit.holdingRegisters.get(5)).toBe(1);
    await expect(storage.flush()).rejects.toMatchObject({ name: 'StateError', code: 'STORAGE_CLOSED' });
  });

  it('leaves no client waiting that writes while it closes, and has written what came before', async () => {
    const store = new MemoryStore();
    const { storage, unit, connect } = await serveKept(store);
    const [first, second] = [await connect(), await connect()];
    store.stop();
    const before = store.puts.length;
    const replies = [ask(first, 1, 'fc:06 address:0000 value:0001')];
    await store.begun(before + 1);
    unit.holdingRegisters.set(2, 3);
    const closing = storage.close();
    store.step();
    await store.begun(before + 2);
    replies.push(ask(second, 1, 'fc:06 address:0001 value:0002'));
    await expect.poll(() => unit.holdingRegisters.get(1)).toBe(2);
    store.go();
    await closing;
    expect(await Promise.all(replies)).toEqual(['0600000001', '0600010002']);
    const { holdingRegisters } = (await keepIn(store)).unit;
    expect([holdingRegisters.get(0), holdingRegisters.get(2)]).toEqual([1, 3]);
  });

  it('closes with an error if the last values cannot be written', async () => {
    const store = new MemoryStore();
    const { unit, storage } = await keepIn(store);
    unit.holdingRegisters.set(5, 1);
    store.failure = new Error('no space');
    await expect(storage.close()).rejects.toMatchObject({ name: 'StorageError', code: 'STORE_FAILED' });
    expect(store.closed).toBe(true);
  });

  it('waits for 5 s at its close for a store that does not answer, and says what is not kept', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    for (const settings of [{ mode: 'interval' }, { mode: 'durable' }] as const) {
      const store = new MemoryStore();
      const { unit, storage } = await keepIn(store, DEVICE, settings);
      store.stop();
      unit.holdingRegisters.set(5, 1);
      const closing = storage.close();
      const problem = 'the store has not written within 5000 ms; what has changed last in unit 1 is not kept';
      const refused = expect(closing).rejects.toMatchObject({ code: 'STORE_FAILED', message: problem });
      await store.begun(2);
      await vi.advanceTimersByTimeAsync(5001);
      await refused;
      expect(store.closed).toBe(true);
    }
  });

  it('waits no longer at its close for a store that does not close', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const store = new MemoryStore();
    const { unit, storage } = await keepIn(store, DEVICE, { mode: 'interval' });
    store.close = () => new Promise(() => undefined);
    unit.holdingRegisters.set(5, 1);
    const closing = storage.close();
    await store.begun(2);
    await vi.advanceTimersByTimeAsync(5001);
    await closing;
    expect((await keepIn(store)).unit.holdingRegisters.get(5)).toBe(1);
  });

  it('lets a unit go, which keeps its values and is served on', async () => {
    const store = new MemoryStore();
    const { unit, storage, connect } = await serveKept(store);
    unit.holdingRegisters.set(5, 1);
    await storage.release(unit);
    const puts = store.puts.length;
    expect(await ask(await connect(), 1, 'fc:06 address:0006 value:1234')).toBe('0600061234');
    await storage.flush();
    expect(store.puts.length).toBe(puts);
    const again = new Unit(DEVICE);
    expect((await storage.keep(again)).values).toBe(1);
    await storage.release(unit);
    again.holdingRegisters.set(6, 1);
    await storage.flush();
    expect(store.puts.length).toBeGreaterThan(puts);
  });

  it('forgets all at a reset, which is refused while it keeps units', async () => {
    const store = new MemoryStore();
    const { unit, storage } = await keepIn(store);
    unit.holdingRegisters.set(5, 1);
    await expect(storage.reset()).rejects.toMatchObject({ name: 'StateError', code: 'STORAGE_IN_USE' });
    await storage.release(unit);
    await storage.reset();
    expect([...store.content.keys()]).toEqual(['busbar']);
    expect((await storage.keep(new Unit(DEVICE))).values).toBe(0);
  });

  it('has a unit alone: no other storage, no second unit of the id, no synchronous server', async () => {
    const { unit, storage } = await keepIn(new MemoryStore());
    const other = await Storage.open({ store: new MemoryStore() });
    await expect(other.keep(unit)).rejects.toMatchObject({ name: 'StateError', code: 'UNIT_BACKED' });
    await expect(storage.keep(new Unit(DEVICE))).rejects.toMatchObject({ name: 'StateError', code: 'UNIT_ID_TAKEN' });
    expect(() => startTcpServerSync({ units: [unit], port: 0 })).toThrow(
      expect.objectContaining({ code: 'UNIT_BACKED' }),
    );
    const served = new Unit(DEVICE);
    using _ = startTcpServerSync({ units: [served], port: 0 });
    await expect(other.keep(served)).rejects.toMatchObject({ name: 'StateError', code: 'UNIT_SHARED' });
  });

  it('says what is wrong with its options', async () => {
    const store = new MemoryStore();
    await expect(Storage.open({ store, mode: 'sometimes' as never })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      path: ['mode'],
    });
    await expect(Storage.open({ store: {} as never })).rejects.toMatchObject({ path: ['store', 'entries'] });
    await expect((await Storage.open({ store })).keep({} as never)).rejects.toMatchObject({ path: ['unit'] });
  });
});
