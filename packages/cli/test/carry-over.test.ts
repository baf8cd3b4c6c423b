import type { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { makeUnit } from '../src/config/build.js';
import { carryOver } from '../src/device/carry-over.js';

/** A unit whose config changes while it runs. @param run what happens before that. */
function changed(before: object, after: object, run: (unit: Unit) => void): Unit {
  const unit = makeUnit({ id: 1, ...before });
  run(unit);
  const content = { id: 1, ...after };
  const to = makeUnit(content);
  carryOver({ unit, initial: makeUnit({ id: 1, ...before }) }, { unit: to, content });
  return to;
}

/** The values of all points. */
function values({ points }: Unit): Record<string, unknown> {
  return Object.fromEntries(Object.entries(points).map(([name, { value }]) => [name, value]));
}

describe('a unit whose config has changed keeps', () => {
  const FLOW = { at: 'holding 0', type: 'int16', scale: 0.1, unit: '°C', value: 65 };

  test('the values of points, unless they have another initial value', () => {
    const before = { points: { flow: FLOW, set: { at: 'holding 1', value: 5 }, pump: { at: 'coil 0', value: true } } };
    const after = {
      points: { ...before.points, set: { at: 'holding 1', value: 6 }, more: { at: 'holding 9', value: 1 } },
    };
    const unit = changed(before, after, ({ points }) => {
      points.flow.value = 70;
      points.set.value = 50;
      points.pump.value = false;
    });
    expect(values(unit)).toEqual({ flow: 70, set: 6, pump: false, more: 1 });
  });

  test.each([
    ['place', { ...FLOW, at: 'holding 10' }, 70.5],
    ['table', { ...FLOW, at: 'input 3' }, 70.5],
    ['type', { ...FLOW, type: 'float32' }, 70.5],
    ['scale', { ...FLOW, scale: 0.5 }, 70.5],
    ['byte order', { ...FLOW, order: 'BADC' }, 70.5],
    ['type to one that does not fit', { at: 'coil 0', value: false }, false],
    ['scale and initial value', { ...FLOW, scale: 0.5, value: 20 }, 20],
  ])('what a point means when it gets another %s', (_what, flow, value) => {
    const unit = changed({ points: { flow: FLOW } }, { points: { flow } }, ({ points }) => {
      points.flow.value = 70.5;
    });
    expect(values(unit)).toEqual({ flow: value });
  });

  test('the value of a label that is there under another number', () => {
    const mode = (labels: object) => ({ points: { mode: { at: 'holding 0', labels, value: 'off' } } });
    const run = ({ points }: Unit) => {
      points.mode.value = 'auto';
    };
    expect(values(changed(mode({ 0: 'off', 1: 'auto' }), mode({ 0: 'off', 7: 'auto' }), run))).toEqual({
      mode: 'auto',
    });
    expect(values(changed(mode({ 0: 'off', 1: 'auto' }), mode({ 0: 'off', 1: 'hand' }), run))).toEqual({ mode: 'off' });
  });

  test('values of several registers as a whole', () => {
    const points = (value: number) => ({ points: { energy: { at: 'holding 0', type: 'uint32', value } } });
    const blocks = (value: number) => ({ holdingRegisters: [{ start: 0, type: 'int32', values: [value, 5] }] });
    const other = changed(points(0x1_0000), points(0x1_0001), (unit) => {
      unit.points.energy.value = 0x7_0007;
    });
    expect(values(other)).toEqual({ energy: 0x1_0001 });
    const typed = changed(blocks(0x1_0000), blocks(0x1_0001), (unit) => {
      unit.holdingRegisters.set(0, [7, 7, 0, 9]);
    });
    expect(typed.holdingRegisters.getRange(0, 4)).toEqual([1, 1, 0, 9]);
  });

  test('registers one by one where blocks grow, move apart, and change in part', () => {
    const before = { holdingRegisters: [{ start: 0, values: [1, 2, 3] }], firstAddress: 0 };
    const after = {
      holdingRegisters: [
        { start: 0, values: [1, 9] },
        { start: 2, values: [3, 4] },
      ],
    };
    const unit = changed(before, after, ({ holdingRegisters }) => holdingRegisters.set(0, [101, 102, 103]));
    expect(unit.holdingRegisters.getRange(0, 4)).toEqual([101, 9, 103, 4]);
  });

  test('typed values where addresses are counted from 1', () => {
    const block = (values: number[]) => ({ firstAddress: 1, inputRegisters: [{ start: 1, type: 'float32', values }] });
    const unit = changed(block([1, 2]), block([1, 3]), ({ inputRegisters }) => {
      inputRegisters.setFloat32(0, 1.1);
      inputRegisters.setFloat32(2, 2.2);
    });
    expect(unit.inputRegisters.getFloat32(0)).toBeCloseTo(1.1);
    expect(unit.inputRegisters.getFloat32(2)).toBe(3);
  });

  test('the one memory of all tables', () => {
    const points = {
      a: { at: 'holding 0', value: 20 },
      b: { at: 'input 1', type: 'uint32', value: 0 },
      c: { at: 'coil 60' },
    };
    const before = { shared: true, points };
    const after = { shared: true, points: { ...points, a: { at: 'holding 0', value: 21 } } };
    const unit = changed(before, after, (each) => {
      each.points.a.value = 700;
      each.points.b.value = 70_000;
      each.coils.set(60, true);
    });
    expect(values(unit)).toEqual({ a: 21, b: 70_000, c: true });
  });

  test('records of files and queues', () => {
    const before = {
      files: [{ number: 4, start: 0, values: [1, 2] }],
      fifos: [{ pointer: 0, values: [1] }, { pointer: 9 }],
    };
    const after = {
      ...before,
      files: [
        { number: 4, start: 0, values: [1, 3] },
        { number: 5, start: 0, values: [1] },
      ],
    };
    const unit = changed(before, after, ({ files, fifos }) => {
      files.get(4)?.set(0, [10, 20]);
      fifos.get(0)?.push(2);
      fifos.get(9)?.push(3);
    });
    expect(unit.files.get(4)?.getRange(0, 2)).toEqual([10, 3]);
    expect([0, 9].map((pointer) => unit.fifos.get(pointer)?.values)).toEqual([[1, 2], [3]]);
  });
});
