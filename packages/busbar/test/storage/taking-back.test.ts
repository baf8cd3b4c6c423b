import { Unit } from 'busbar';
import { Storage, type Store } from 'busbar/storage';
import { expect, test } from 'vitest';
import { createGate, createRecorder, type Gate, record } from '../helpers/events.js';
import { ask, serve } from '../helpers/served.js';

/** It writes nothing until the test decides what becomes of each batch. */
class SteeredStore implements Store {
  readonly #batches = createRecorder<Gate>();

  async *entries() {}

  async put(entries: ReadonlyMap<string, unknown>): Promise<void> {
    if (entries.has('busbar')) return;
    const gate = createGate();
    this.#batches.record(gate);
    await gate.opened;
  }

  async close() {}

  /** The n-th batch, counted from 0, as soon as it is there. */
  async batch(n: number): Promise<Gate> {
    return (await this.#batches.reached(n + 1))[n]!;
  }
}

test('a write that is refused is taken back, though another batch was under way when it came', async () => {
  const store = new SteeredStore();
  const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 300 }] });
  const storage = await Storage.open({ store });
  await storage.keep(unit);
  const changes = record(unit, 'change');
  const { connect } = await serve({ units: [unit] });
  const [one, other] = [await connect(), await connect()];

  const first = ask(one, 1, 'fc:06 address:0000 value:0007');
  const written = await store.batch(0);
  // In another page than the first.
  const second = ask(other, 1, 'fc:06 address:00C8 value:0008');
  await changes.reached(2);
  expect(unit.holdingRegisters.get(200)).toBe(8);
  written.open();
  expect(await first).toBe('0600000007');

  (await store.batch(1)).fail(new Error('the disk is full'));
  expect(await second).toBe('8604');
  expect([unit.holdingRegisters.get(0), unit.holdingRegisters.get(200)]).toEqual([7, 0]);

  (await store.batch(2)).open();
  await storage.close();
});
