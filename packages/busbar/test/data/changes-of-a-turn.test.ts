import type { ChangedRange, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record, turns } from '../helpers/events.js';
import { ask, serve } from '../helpers/served.js';
import { createUnit } from './changing.js';

describe('changes of one turn', () => {
  /** What `change` makes of the ranges that are told once it has run. */
  async function rangesOf(unit: Unit, change: () => unknown): Promise<readonly ChangedRange[]> {
    const told = record(unit, 'changes');
    change();
    expect(told.all).toEqual([]);
    await turns(2);
    expect(told.all.length).toBeLessThanOrEqual(1);
    return told.all[0]?.ranges ?? [];
  }

  test('are told once, with ranges that are as few as can be', async () => {
    const unit = createUnit();
    const ranges = await rangesOf(unit, () => {
      for (const address of [2, 0, 1, 103, 101, 102]) unit.holdingRegisters.set(address, address);
      unit.holdingRegisters.setFloat32(101, 1);
      unit.coils.set(1, true);
      unit.coils.set(1, false);
      unit.files.get(4)?.set(2, 9);
      unit.fifos.get(500)?.push(1);
      unit.fifos.get(500)?.drain();
      unit.exceptionStatus = 1;
    });
    expect(ranges).toEqual([
      { part: 'fifos', pointer: 500, by: 'program' },
      { part: 'exceptionStatus', by: 'program' },
      { part: 'holdingRegisters', address: 0, quantity: 3, by: 'program' },
      { part: 'holdingRegisters', address: 101, quantity: 3, by: 'program' },
      { part: 'coils', address: 1, quantity: 1, by: 'program' },
      { part: 'files', file: 4, record: 2, quantity: 1, by: 'program' },
    ]);
  });

  test('are of the source that came last', async () => {
    const unit = createUnit();
    const ranges = await rangesOf(unit, () => {
      unit.holdingRegisters.set(100, new Array<number>(10).fill(1));
      unit.as('api', () => unit.holdingRegisters.set(103, [2, 2, 2]));
      unit.holdingRegisters.set(105, 3);
      unit.as('api', () => unit.holdingRegisters.set(102, 4));
    });
    expect(ranges).toEqual([
      { part: 'holdingRegisters', address: 100, quantity: 2, by: 'program' },
      { part: 'holdingRegisters', address: 102, quantity: 3, by: 'api' },
      { part: 'holdingRegisters', address: 105, quantity: 5, by: 'program' },
    ]);
  });

  test('tell a file that was made anew as a whole', async () => {
    const unit = createUnit();
    const ranges = await rangesOf(unit, () => {
      unit.files.get(4)?.set(0, 1);
      unit.files.create(4, { start: 0, count: 2 }).set(1, 5);
    });
    expect(ranges).toEqual([
      { part: 'files', file: 4, by: 'program' },
      { part: 'files', file: 4, record: 1, quantity: 1, by: 'program' },
    ]);
  });

  test('of a client are told, too, and what a listener changes is told in the next turn', async () => {
    const unit = createUnit();
    const told = record(unit, 'changes');
    unit.once('changes', () => unit.coils.set(0, false));
    const { server, connect } = await serve({ units: [unit] });
    await ask(await connect(), 1, 'fc:10 start:0001 quantity:0002 byteCount:04 values:0001_0002');
    const [, second] = await told.reached(2);
    expect(told.all[0]?.ranges).toEqual([
      { part: 'holdingRegisters', address: 1, quantity: 2, by: { peer: server.peers()[0] } },
    ]);
    expect(second?.ranges).toEqual([{ part: 'coils', address: 0, quantity: 1, by: 'program' }]);
  });
});
