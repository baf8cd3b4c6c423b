import { OptionsError, type PointDeclarations, Unit, type UnitOptions } from 'busbar';
import { describe, expect, test } from 'vitest';

function problemsOf(points: unknown, options: Omit<UnitOptions, 'id' | 'points'> = {}): string[] {
  try {
    new Unit({ id: 1, ...options, points: points as PointDeclarations });
  } catch (error) {
    if (error instanceof OptionsError)
      return error.problems.map(({ path, problem }) => `${path.join('.')}: ${problem}`);
    throw error;
  }
  return [];
}

test('points make their addresses exist, beside blocks', () => {
  const unit = new Unit({
    id: 1,
    holdingRegisters: [{ start: 1, values: [7] }],
    coils: [{ start: 8, count: 8 }],
    points: {
      first: { at: 'holding 0', value: 5 },
      third: { at: 'holding 2', type: 'int32', value: -1 },
      far: { at: 'holding 100.3', value: true },
      pump: { at: 'coil 7' },
      door: { at: 'discrete 0', value: true },
      level: { at: 'input 65535' },
    },
  });
  expect(unit.holdingRegisters.ranges).toEqual([
    { start: 0, count: 4 },
    { start: 100, count: 1 },
  ]);
  expect(unit.holdingRegisters.getRange(0, 4)).toEqual([5, 7, 0xffff, 0xffff]);
  expect(unit.holdingRegisters.get(100)).toBe(8);
  expect(unit.coils.ranges).toEqual([{ start: 7, count: 9 }]);
  expect(unit.discreteInputs.get(0)).toBe(true);
  expect(unit.inputRegisters.ranges).toEqual([{ start: 65535, count: 1 }]);
});

test('a point tells what it is', () => {
  const { points } = new Unit({
    id: 1,
    points: { flow: { at: 40011, type: 'int16', scale: 0.1, unit: '°C', description: 'behind the pump', max: 90 } },
  });
  expect(Object.keys(points)).toEqual(['flow']);
  expect(Object.getPrototypeOf(points)).toBe(null);
  expect(points.flow).toMatchObject({
    name: 'flow',
    table: 'holdingRegisters',
    address: 10,
    bit: undefined,
    quantity: 1,
    type: 'int16',
    order: 'ABCD',
    unit: '°C',
    description: 'behind the pump',
    labels: undefined,
    scale: 0.1,
    offset: undefined,
    min: undefined,
    max: 90,
    readOnly: false,
    whole: false,
    reference: '40011',
    place: 'holding 10 (40011)',
  });
});

test('points are found by their addresses', () => {
  const unit = new Unit({
    id: 1,
    points: {
      energy: { at: 'holding 10', type: 'float64' },
      status: { at: 'holding 14', type: 'bits' },
      fault: { at: 'holding 14.3' },
      speed: { at: 'holding 9' },
      pump: { at: 'coil 10' },
    },
  });
  const at = (address: number, quantity: number) =>
    unit.pointsAt('holdingRegisters', address, quantity).map(({ name }) => name);
  expect(at(0, 9)).toEqual([]);
  expect(at(0, 10)).toEqual(['speed']);
  expect(at(9, 2)).toEqual(['speed', 'energy']);
  expect(at(13, 1)).toEqual(['energy']);
  expect(at(13, 2)).toEqual(['energy', 'status', 'fault']);
  expect(at(15, 100)).toEqual([]);
  expect(unit.pointsAt('coils', 0, 65536).map(({ name }) => name)).toEqual(['pump']);
  expect(unit.pointsAt('inputRegisters', 0, 65536)).toEqual([]);
});

test('single bits may be points beside that of their register', () => {
  const { points } = new Unit({
    id: 1,
    points: {
      alarms: { at: 'holding 30', type: 'bits', labels: { 0: 'hot', 3: 'no flow' }, value: ['hot'] },
      flow: { at: 'holding 30.3', value: true },
    },
  });
  expect(points.alarms.value).toEqual(['hot', 'no flow']);
  points.flow.value = false;
  expect(points.alarms.value).toEqual(['hot']);
});

test('places count from firstAddress, references always from 1', () => {
  const { points } = new Unit({
    id: 1,
    firstAddress: 1,
    holdingRegisters: [{ start: 3, count: 1 }],
    points: { a: { at: 'holding 1' }, b: { at: 40002 }, c: { at: { table: 'holdingRegisters', address: 4 } } },
  });
  expect(Object.values(points).map(({ address }) => address)).toEqual([0, 1, 4]);
  expect(problemsOf({ a: { at: 'holding 0' } }, { firstAddress: 1 })).toEqual([
    'points.a.at: "holding 0" is outside the table: its addresses are 1 to 65536',
  ]);
});

describe('what overlaps is refused, with both names', () => {
  test.each([
    [
      { a: { at: 'holding 0', type: 'int32' }, b: { at: 'holding 1' } },
      'points.b.at: holding 1 (40002) overlaps points.a at holding 0 (40001)',
    ],
    [{ a: { at: 'coil 1' }, b: { at: 'coil 1' } }, 'points.b.at: coil 1 (00002) overlaps points.a at coil 1 (00002)'],
    [
      { a: { at: 'holding 1', type: 'float32' }, b: { at: 'holding 2.3' } },
      'points.b.at: holding 2.3 (40003.3) overlaps points.a at holding 1 (40002)',
    ],
    [
      { a: { at: 'holding 1.2' }, b: { at: 'hr 1.2' } },
      'points.b.at: holding 1.2 (40002.2) is the point points.a already',
    ],
    [{ a: { at: 'holding 62' } }, 'points.a.at: holding 62 (40063) overlaps holdingRegisters.0 (60..64)'],
    [
      { a: { at: 'holding 59', type: 'int32' } },
      'holdingRegisters.0.start: the block at 60 overlaps points.a at holding 59 (40060)',
    ],
    [
      { a: { at: 'holding 60.1' } },
      'holdingRegisters.0.start: the block at 60 overlaps points.a at holding 60.1 (40061.1)',
    ],
  ])('%o', (points, problem) => {
    const found = problemsOf(points, { holdingRegisters: [{ start: 60, count: 5 }] });
    expect(found.map((text) => text.replace('holdingRegisters[0]', 'holdingRegisters.0'))).toEqual([problem]);
  });

  test('numbered as the blocks are', () => {
    const points = { a: { at: 40062 } };
    const problem = 'points.a.at: holding 61 (40062) overlaps holdingRegisters[0] (60..64)';
    expect(problemsOf(points, { firstAddress: 1, holdingRegisters: [{ start: 60, count: 5 }] })).toEqual([problem]);
  });
});

describe('what makes no sense is refused', () => {
  test.each([
    [{ at: 'holding 0', tpye: 'int16' }, /^points.x.tpye: unknown option; known are at, type, order, scale/],
    [{}, /^points.x.at: expected a place, such as "holding 0".*found undefined$/],
    [{ at: 'holding 0', type: 'float16' }, /^points.x.type: expected one of "bool", "uint16"/],
    [{ at: 'holding 0', order: 'ABDC' }, /^points.x.order: expected one of "ABCD"/],
    [{ at: 'coil 0', type: 'uint16' }, 'points.x.type: coil 0 is one bit: leave out the type, or write bool'],
    [{ at: 'holding 3.1', type: 'uint16' }, 'points.x.type: holding 3.1 is one bit: leave out the type, or write bool'],
    [{ at: 'holding 3', type: 'bool' }, 'points.x.type: holding 3 is a register: for one bit, write "holding 3.0"'],
    [{ at: 'coil 0', scale: 2 }, 'points.x.scale: a point of type bool has no scale'],
    [{ at: 'coil 0', labels: { 0: 'off' } }, 'points.x.labels: a point of type bool has no labels'],
    [{ at: 'coil 0', order: 'CDAB' }, 'points.x.order: a point of type bool has no order'],
    [{ at: 'holding 0', type: 'bits', offset: 1 }, 'points.x.offset: a point of type bits has no offset'],
    [{ at: 'holding 0', type: 'string', length: 1, min: 1 }, 'points.x.min: a point of type string has no min'],
    [
      { at: 'holding 0', type: 'float32', labels: { 0: 'a' } },
      'points.x.labels: a point of type float32 has no labels',
    ],
    [{ at: 'holding 0', type: 'bcd', labels: { 0: 'a' } }, 'points.x.labels: a point of type bcd has no labels'],
    [{ at: 'holding 0', length: 2 }, 'points.x.length: a point of type uint16 has no length'],
    [{ at: 'holding 0', padding: 'space' }, 'points.x.padding: a point of type uint16 has no padding'],
    [{ at: 'holding 0', labels: { 0: 'a' }, scale: 2 }, 'points.x.scale: the values are the labels: leave out scale'],
    [{ at: 'holding 0', labels: { 0: 'a' }, max: 2 }, 'points.x.max: the values are the labels: leave out max'],
    [{ at: 'holding 0', type: 'string' }, 'points.x.length: a point of type string needs a length, in registers'],
    [{ at: 'holding 0', type: 'raw' }, 'points.x.length: a point of type raw needs a length, in registers'],
    [{ at: 'holding 0', type: 'bcd', length: 4 }, 'points.x.length: expected an integer from 1 to 3, found 4'],
    [{ at: 'holding 0', type: 'bits', length: 5 }, 'points.x.length: expected an integer from 1 to 4, found 5'],
    [
      { at: 'holding 0', type: 'string', length: 2, order: 'CDAB' },
      'points.x.order: expected ABCD or BADC for a string, found CDAB',
    ],
    [{ at: 'holding 0', scale: 0 }, 'points.x.scale: expected a number other than 0'],
    [{ at: 'holding 0', scale: Number.NaN }, 'points.x.scale: expected a number, found NaN'],
    [{ at: 'holding 0', min: '5' }, 'points.x.min: expected a number, found "5"'],
    [{ at: 'holding 0', min: 5, max: 4 }, 'points.x.min: 5 is above max, 4'],
    [{ at: 'holding 0', max: 70000 }, 'points.x.max: expected a number from 0 to 65535, found 70000'],
    [{ at: 'holding 0', value: -1 }, 'points.x.value: expected a number from 0 to 65535, found -1'],
    [{ at: 'holding 0', max: 5, value: 6 }, 'points.x.value: 6 is outside the limits of the point, … to 5'],
    [{ at: 'holding 0', labels: {} }, 'points.x.labels: expected at least one label, such as { 0: off, 1: on }'],
    [{ at: 'holding 0', labels: { a: 'b' } }, 'points.x.labels.a: expected a whole number for the label'],
    [{ at: 'holding 0', labels: { 0: 5 } }, 'points.x.labels.0: expected a string, found 5'],
    [{ at: 'holding 0', labels: { 0: 'a', 1: 'a' } }, 'points.x.labels.1: expected a label of its own, found "a"'],
    [
      { at: 'holding 0', labels: { 65536: 'a' } },
      'points.x.labels.65536: expected a number from 0 to 65535 for the label',
    ],
    [
      { at: 'holding 0', type: 'bits', labels: { 0: 'bit 3' } },
      'points.x.labels.0: "bit 3" is the name of another bit',
    ],
    [
      { at: 'holding 0', type: 'bits', labels: { 16: 'a' } },
      'points.x.labels.16: expected a number from 0 to 15 for the label',
    ],
    [
      { at: 'holding 65535', type: 'int32' },
      'points.x.at: 2 registers from holding 65535 on would end behind 65535, the last address',
    ],
    [
      { at: { table: 'coils', address: 65536 } },
      'points.x.at.address: expected an integer from 0 to 65535, found 65536',
    ],
    [{ at: 'holding 0', readOnly: 'yes' }, 'points.x.readOnly: expected true or false, found "yes"'],
  ])('%o', (options, problem) => {
    const found = problemsOf({ x: options });
    expect(found).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });

  test.each(['1st', '_a', 'flow rate', 'flow.rate', 'Vorlauf°', ''])('the name %o', (name) => {
    expect(problemsOf({ [name]: { at: 'holding 0' } })).toEqual([
      `points.${name}: expected a name of letters, digits, _ and -, with a letter first`,
    ]);
  });

  test('all problems at once', () => {
    const points = { a: { at: 'holding 0', max: -1, value: 'x' }, b: { at: 1 } };
    expect(problemsOf(points)).toHaveLength(3);
  });

  test('in the numbers that were given, where addresses count from 1', () => {
    const points = {
      a: { at: 'holding 4', type: 'bool' },
      b: { at: 'holding 65536', type: 'int32' },
      c: { at: 'coil 4.1' },
    };
    expect(problemsOf(points, { firstAddress: 1 })).toEqual([
      'points.a.type: holding 4 is a register: for one bit, write "holding 4.0"',
      'points.b.at: 2 registers from holding 65536 on would end behind 65536, the last address',
      'points.c.at: a coil is a single bit: write "coil 4", without .1',
    ]);
  });

  test('points in a table whose handlers have all of it', () => {
    const inputRegisters = { read: () => [1] };
    expect(problemsOf({ a: { at: 'input 5' } }, { inputRegisters })).toEqual([
      'points.a.at: inputRegisters has handlers for the whole table: give blocks with handlers, and it can have points beside them',
    ]);
  });
});

test('points may stand beside blocks with handlers', () => {
  const unit = new Unit({
    id: 1,
    inputRegisters: [{ start: 0, count: 5, read: () => [1, 2, 3, 4, 5] }],
    points: { level: { at: 'input 5', value: 9 } },
  });
  expect(unit.points.level.value).toBe(9);
  expect(unit.inputRegisters.get(5)).toBe(9);
});
