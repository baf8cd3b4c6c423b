import { type PointChangeEvent, type PointDeclarations, type PointWriteEvent, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { ask, serve } from '../helpers/served.js';

/** A unit whose tables are one memory, that of its holding registers. */
function createUnit() {
  return new Unit({
    id: 1,
    shared: true,
    points: {
      command: { at: 'holding 0', type: 'bits', labels: { 0: 'run', 1: 'reset' } },
      run: { at: 'coil 0' },
      ready: { at: 'discrete 15', value: true, readOnly: true },
      flow: { at: 'input 1', type: 'int16', scale: 0.1, min: 0, max: 80, value: 55 },
      total: { at: 'holding 2', type: 'uint32', whole: true },
    },
  });
}

const names = (points: readonly { name: string }[]) => points.map(({ name }) => name);

test('points of all tables are in the holding registers', () => {
  const { points, holdingRegisters } = createUnit();
  expect(holdingRegisters.ranges).toEqual([{ start: 0, count: 4 }]);
  expect(holdingRegisters.getRange(0, 2)).toEqual([0x8000, 550]);
  points.run.value = true;
  expect(points.command.value).toEqual(['run', 'bit 15']);
  expect(points.run.place).toBe('coil 0 (00001)');
  expect(points.flow.place).toBe('input 1 (30002)');
});

test('points that are the same memory overlap, whatever their tables', () => {
  const overlap = (points: PointDeclarations) => () => new Unit({ id: 1, shared: true, points });
  expect(overlap({ a: { at: 'holding 1' }, b: { at: 'input 1' } })).toThrow('overlaps points.a');
  expect(overlap({ a: { at: 'coil 17' }, b: { at: 'discrete 17' } })).toThrow(
    'holding 1.1 (40002.1) is the point points.a already',
  );
  expect(overlap({ a: { at: 'coil 17' }, b: { at: 'input 1.1' } })).toThrow(
    'holding 1.1 (40002.1) is the point points.a already',
  );
  expect(overlap({ a: { at: 'coil 17' }, b: { at: 'input 1', type: 'float32' } })).toThrow('overlaps points.');
});

test('points are found by the addresses of every table', () => {
  const unit = createUnit();
  expect(names(unit.pointsAt('inputRegisters', 0, 1))).toEqual(['command', 'run', 'ready']);
  expect(names(unit.pointsAt('holdingRegisters', 1, 2))).toEqual(['flow', 'total']);
  expect(names(unit.pointsAt('coils', 0, 15))).toEqual(['command', 'run']);
  expect(names(unit.pointsAt('discreteInputs', 15, 2))).toEqual(['command', 'ready', 'flow']);
});

describe('limits hold whichever table a client names', () => {
  const write = async (request: string) => {
    const client = await (await serve({ units: [createUnit()] })).connect();
    const reply = await ask(client, 1, request);
    return /^[89]/.test(reply) ? reply.slice(2) : 'ok';
  };

  test.each([
    ['a register to 80.0', 'fc:06 address:0001 value:0320', 'ok'],
    ['a register to 80.1', 'fc:06 address:0001 value:0321', '03'],
    // 550 is 0226: with bit 8 it is 806.
    ['a coil that makes it 80.6', 'fc:05 address:0018 value:FF00', '03'],
    ['a coil that makes it 56.6', 'fc:05 address:0014 value:FF00', 'ok'],
    ['a register whose read-only bit would change', 'fc:06 address:0000 value:0001', '02'],
    ['a register whose read-only bit stays', 'fc:06 address:0000 value:8001', 'ok'],
    ['a read-only bit as a coil', 'fc:05 address:000F value:0000', '02'],
    ['a read-only bit as a coil, to what it is', 'fc:05 address:000F value:FF00', '02'],
    ['a coil beside it', 'fc:05 address:0001 value:FF00', 'ok'],
    ['one half of a value that has to be written whole', 'fc:06 address:0003 value:0001', '03'],
    ['one bit of it', 'fc:05 address:0020 value:FF00', '03'],
    ['17 of its bits', 'fc:0F start:0020 quantity:0011 byteCount:03 values:01_00_01', '03'],
    ['all of its bits', 'fc:0F start:0020 quantity:0020 byteCount:04 values:01_00_01_00', 'ok'],
  ])('%s', async (_, request, expected) => {
    expect(await write(request)).toBe(expected);
  });
});

test('a write of coils is told with the points in their registers', async () => {
  const unit = createUnit();
  const written: PointWriteEvent[] = [];
  const changed: PointChangeEvent[] = [];
  unit.on('pointWrite', (event) => written.push(event)).on('pointChange', (event) => changed.push(event));
  const client = await (await serve({ units: [unit] })).connect();
  await ask(client, 1, 'fc:05 address:0001 value:FF00');
  await ask(client, 1, 'fc:05 address:0000 value:FF00');
  const shown = (events: readonly (PointWriteEvent | PointChangeEvent)[]) =>
    events.map(({ point, value, previous }) => [point.name, value, previous]);
  const expected = [
    ['command', ['reset', 'bit 15'], ['bit 15']],
    ['command', ['run', 'reset', 'bit 15'], ['reset', 'bit 15']],
    ['run', true, false],
  ];
  expect(shown(written)).toEqual(expected);
  expect(shown(changed)).toEqual(expected);
});
