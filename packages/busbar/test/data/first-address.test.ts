import { OptionsError, Unit } from 'busbar';
import { expect, test } from 'vitest';

test('blocks may be numbered from 1, as in manuals: block address 1 is protocol address 0', () => {
  const unit = new Unit({
    id: 1,
    firstAddress: 1,
    coils: [{ start: 65536, count: 1, value: true }],
    discreteInputs: [{ start: 2, values: [true] }],
    holdingRegisters: [
      { start: 1, values: [10, 11] },
      { start: 3, values: [12] },
    ],
    inputRegisters: [{ start: 1, count: 65536 }],
  });
  expect(unit.coils.ranges).toEqual([{ start: 65535, count: 1 }]);
  expect(unit.discreteInputs.get(1)).toBe(true);
  expect(unit.holdingRegisters.getRange(0, 3)).toEqual([10, 11, 12]);
  expect(unit.inputRegisters.ranges).toEqual([{ start: 0, count: 65536 }]);
});

test.each([
  [{ holdingRegisters: [{ start: 0, count: 1 }] }, 'holdingRegisters[0].start: expected an integer from 1 to 65536'],
  [{ coils: [{ start: 65536, count: 2 }] }, 'coils[0].count: expected an integer from 1 to 1'],
  [
    {
      coils: [
        { start: 1, count: 3 },
        { start: 3, count: 1 },
      ],
    },
    'coils[1].start: the block at 3 overlaps coils[0] (1..3)',
  ],
])('errors in blocks that are numbered from 1 speak of the numbers that were given', (tables, message) => {
  expect(() => new Unit({ id: 1, firstAddress: 1, ...tables })).toThrow(message);
});

test('the first address is 0 or 1', () => {
  const options = JSON.parse('{ "id": 1, "firstAddress": 2 }');
  expect(() => new Unit(options)).toThrow(OptionsError);
});
