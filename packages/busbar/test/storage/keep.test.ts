import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Identity, Unit, type UnitOptions } from 'busbar';
import { levelStore, Storage } from 'busbar/storage';
import { ClassicLevel } from 'classic-level';
import { afterAll, describe, expect, it } from 'vitest';
import { record } from '../helpers/events.js';
import { ask } from '../helpers/served.js';
import { MemoryStore } from './memory-store.js';
import { DEVICE, keepIn, serveKept } from './storing.js';

const root = mkdtempSync(join(tmpdir(), 'busbar-keep-'));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
function newFolder(): string {
  folders++;
  return join(root, `state-${folders}`);
}

/** Changes a unit, closes the storage, and has a store of the same content keep another unit. */
async function restart(options: UnitOptions, change: (unit: Unit) => unknown, next: UnitOptions = options) {
  const folder = newFolder();
  const first = await keepIn(levelStore(new ClassicLevel(folder)), options);
  await change(first.unit);
  await first.storage.close();
  const second = await keepIn(levelStore(new ClassicLevel(folder)), next);
  await second.storage.close();
  return { ...second, dropped: second.restored.dropped.map(({ unit: _, ...place }) => place) };
}

describe('after a restart', () => {
  it('all that clients have written is back, from every table and file', async () => {
    const folder = newFolder();
    const { connect, storage } = await serveKept(levelStore(new ClassicLevel(folder)));
    const client = await connect();
    await ask(client, 1, 'fc:05 address:0003 value:FF00');
    await ask(client, 1, 'fc:0F start:03FE quantity:0004 bytes:01 0F');
    await ask(client, 1, 'fc:10 start:007E quantity:0004 bytes:08 0001 0002 0003 0004');
    await ask(client, 1, 'fc:16 address:0005 and:0000 or:BEEF');
    await ask(client, 1, 'fc:17 read:0000 quantity:0001 write:0006 quantity:0001 bytes:02 1234');
    await ask(client, 1, 'fc:15 bytes:0B type:06 file:0004 record:0002 length:0002 0102 0304');
    await storage.close();
    const { unit, restored } = await keepIn(levelStore(new ClassicLevel(folder)));
    expect(restored).toEqual({ values: 13, dropped: [] });
    expect(unit.coils.getRange(2, 3)).toEqual([false, true, false]);
    expect(unit.coils.getRange(1021, 6)).toEqual([false, true, true, true, true, false]);
    expect(unit.holdingRegisters.getRange(125, 6)).toEqual([7, 1, 2, 3, 4, 7]);
    expect(unit.holdingRegisters.getRange(4, 4)).toEqual([7, 0xbeef, 0x1234, 7]);
    expect(unit.files.get(4)?.getRange(1, 4)).toEqual([0, 0x0102, 0x0304, 0]);
  });

  it('all that the program has set is back, too', async () => {
    const { unit } = await restart(DEVICE, (unit) => {
      unit.inputRegisters.setFloat32(2, 21.5);
      unit.discreteInputs.set(15, true);
      unit.diagnosticRegister = 77;
      unit.exceptionStatus = { coils: 8 };
      unit.identity = {
        vendorName: 'Acme',
        productCode: { hex: 'ff00' },
        majorMinorRevision: '2.1',
        objects: { 200: 'x' },
      };
      unit.identity?.set(4, 'Boiler');
      unit.files.create(9, { start: 3, values: [1, 2, 3] }, { start: 200, count: 2 });
      unit.files.get(9)?.set(201, 5);
      unit.files.delete(4);
      unit.fifos.get(500)?.drain(1);
      unit.fifos.get(500)?.push(3);
      unit.fifos.create(600, [7, 8]);
    });
    expect(unit.inputRegisters.getFloat32(2)).toBe(21.5);
    expect(unit.discreteInputs.get(15)).toBe(true);
    expect(unit.diagnosticRegister).toBe(77);
    expect(unit.exceptionStatus).toEqual({ coils: 8 });
    expect(unit.identity).toBeInstanceOf(Identity);
    expect(unit.identity?.ids.map((id) => Buffer.from(unit.identity?.get(id) ?? []).toString('latin1'))).toEqual([
      'Acme',
      'ÿ\0',
      '2.1',
      'Boiler',
      'x',
    ]);
    expect(unit.files.numbers).toEqual([9]);
    expect(unit.files.get(9)?.getRange(3, 3)).toEqual([1, 2, 3]);
    expect(unit.files.get(9)?.getRange(200, 2)).toEqual([0, 5]);
    expect(unit.fifos.pointers).toEqual([500, 600]);
    expect([500, 600].map((pointer) => unit.fifos.get(pointer)?.values)).toEqual([
      [2, 3],
      [7, 8],
    ]);
  });

  it('a queue, a file and an identity that the program has removed stay removed', async () => {
    const options = { ...DEVICE, identity: { vendorName: 'a', productCode: 'b', majorMinorRevision: 'c' } };
    const { unit } = await restart(options, (unit) => {
      unit.fifos.delete(500);
      unit.files.delete(4);
      unit.identity = undefined;
    });
    expect(unit.fifos.pointers).toEqual([]);
    expect(unit.files.numbers).toEqual([]);
    expect(unit.identity).toBe(undefined);
  });

  it('a file that was made again has nothing of the earlier one', async () => {
    const { unit } = await restart(DEVICE, async (unit) => {
      unit.files.create(9, { start: 0, values: Array.from({ length: 300 }, () => 9) });
      unit.files.create(9, { start: 250, count: 10 });
    });
    expect(unit.files.get(9)?.ranges).toEqual([{ start: 250, count: 10 }]);
    expect(unit.files.get(9)?.getRange(250, 10)).toEqual(new Array(10).fill(0));
  });

  it('initial values hold where nothing was ever changed, though a neighbour was', async () => {
    const next = { ...DEVICE, holdingRegisters: [{ start: 0, count: 300, value: 8 }] };
    const { unit } = await restart(DEVICE, (unit) => unit.holdingRegisters.set(5, 1), next);
    expect(unit.holdingRegisters.getRange(4, 3)).toEqual([8, 1, 8]);
  });

  it('tables that are one memory, points, and typed blocks are back', async () => {
    const options = {
      id: 1,
      shared: true,
      holdingRegisters: [
        { start: 0, count: 4 },
        { start: 5000, type: 'float32', values: [1.5, 2.5] },
      ],
      points: { level: { at: 'holding 20', type: 'float64' }, valve: { at: 'coil 65', type: 'bool' } },
    } as const;
    const folder = newFolder();
    const first = await Storage.open({ store: levelStore(new ClassicLevel(folder)) });
    const before = new Unit(options);
    await first.keep(before);
    before.coils.set(17, true);
    before.inputRegisters.setFloat32(5002, -3);
    before.points.level.value = 6.25;
    before.points.valve.value = true;
    await first.close();
    const second = await Storage.open({ store: levelStore(new ClassicLevel(folder)) });
    const unit = new Unit(options);
    expect(await second.keep(unit)).toMatchObject({ dropped: [] });
    await second.close();
    expect(unit.holdingRegisters.get(1)).toBe(2);
    expect([5000, 5002].map((address) => unit.holdingRegisters.getFloat32(address))).toEqual([1.5, -3]);
    expect([unit.points.level.value, unit.points.valve.value]).toEqual([6.25, true]);
  });

  it('parts in memory among handlers are back, and those with handlers are not kept', async () => {
    const options: UnitOptions = {
      id: 1,
      holdingRegisters: [
        { start: 0, count: 4 },
        { start: 4, count: 1, read: () => [9], write: () => {} },
      ],
      coils: { read: () => [true], write: () => {} },
    };
    const store = new MemoryStore();
    const { connect } = await serveKept(store, options);
    const client = await connect();
    await ask(client, 1, 'fc:10 start:0003 quantity:0002 bytes:04 0001 0002');
    await ask(client, 1, 'fc:05 address:0000 value:FF00');
    const { unit, restored } = await keepIn(store, options);
    expect(restored.values).toBe(1);
    expect(unit.holdingRegisters.getRange(0, 4)).toEqual([0, 0, 0, 1]);
  });

  it('clients of the restored unit read them at once, and listeners hear of them, by the storage', async () => {
    const store = new MemoryStore();
    const first = await keepIn(store);
    first.unit.holdingRegisters.set(5, 1);
    await first.storage.close();
    const storage = await Storage.open({ store });
    const unit = new Unit(DEVICE);
    const changes = record(unit, 'change');
    await storage.keep(unit);
    expect(changes.all).toMatchObject([
      { part: 'holdingRegisters', address: 5, values: [1], previous: [7], by: 'storage' },
    ]);
  });
});

describe('of a layout that has changed', () => {
  it('what still fits is back, and the rest is told in as few ranges as there are, once', async () => {
    const folder = newFolder();
    const first = await keepIn(levelStore(new ClassicLevel(folder)));
    first.unit.holdingRegisters.set(0, new Array(300).fill(1));
    first.unit.coils.set(5, true);
    first.unit.fifos.get(500)?.push(3);
    first.unit.files.get(4)?.set(0, [1, 2, 3]);
    await first.storage.close();
    const smaller: UnitOptions = {
      id: 1,
      holdingRegisters: [
        { start: 0, count: 4 },
        { start: 100, count: 50 },
      ],
      files: [{ number: 4, start: 2, count: 1 }],
    };
    const storage = await Storage.open({ store: levelStore(new ClassicLevel(folder)) });
    const events = record(storage, 'dropped');
    const unit = new Unit(smaller);
    const restored = await storage.keep(unit);
    const places = restored.dropped.map(({ unit: dropping, ...place }) => ({ ...place, same: dropping === unit }));
    const same = true;
    expect(places).toEqual([
      { part: 'fifos', pointer: 500, same },
      { part: 'coils', address: 5, quantity: 1, same },
      { part: 'files', file: 4, record: 0, quantity: 2, same },
      { part: 'holdingRegisters', address: 4, quantity: 96, same },
      { part: 'holdingRegisters', address: 150, quantity: 150, same },
    ]);
    expect(events.all).toEqual(restored.dropped);
    expect(unit.holdingRegisters.getRange(100, 50)).toEqual(new Array(50).fill(1));
    await storage.close();
    const again = await keepIn(levelStore(new ClassicLevel(folder)), smaller);
    expect(again.restored).toEqual({ values: 55, dropped: [] });
    await again.storage.close();
  });

  it('a table that has handlers now, or a status whose coils are gone, is dropped', async () => {
    const next: UnitOptions = {
      id: 1,
      holdingRegisters: { read: () => [1] },
      files: { read: () => [] },
      fifos: { read: () => [] },
    };
    const { dropped } = await restart(
      DEVICE,
      (unit) => {
        unit.holdingRegisters.set(3, [1, 2]);
        unit.exceptionStatus = { coils: 0 };
        unit.files.create(7, { start: 0, count: 1 });
        unit.fifos.create(1, [1]);
      },
      next,
    );
    expect(dropped).toEqual([
      { part: 'exceptionStatus' },
      { part: 'fifos', pointer: 1 },
      { part: 'files', file: 7 },
      { part: 'files', file: 7, record: 0, quantity: 1 },
      { part: 'holdingRegisters', address: 3, quantity: 2 },
    ]);
  });
});
