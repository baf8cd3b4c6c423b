import { OptionsError, type RegisterBlock, Unit, type UnitOptions } from 'busbar';
import { describe, expect, test } from 'vitest';

function registersOf(...holdingRegisters: RegisterBlock[]) {
  return new Unit({ id: 1, holdingRegisters }).holdingRegisters;
}

/** The registers of one value in hex. */
function wordsOf(block: RegisterBlock): string {
  const table = registersOf(block);
  return table.ranges
    .flatMap(({ start, count }) => table.getRange(start, count))
    .map((word) => word.toString(16).padStart(4, '0'))
    .join(' ');
}

function problemsOf(...holdingRegisters: unknown[]): string[] {
  try {
    new Unit({ id: 1, holdingRegisters } as UnitOptions);
    return [];
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    return error.problems.map(({ path, problem }) => `${path.slice(1).join('.')}: ${problem}`);
  }
}

describe('the registers of a typed block', () => {
  test.each([
    ['int16', -5, ['fffb', 'fffb', 'fbff', 'fbff']],
    ['uint16', 0x1234, ['1234', '1234', '3412', '3412']],
    ['int32', -2, ['ffff fffe', 'fffe ffff', 'ffff feff', 'feff ffff']],
    ['uint32', 0x12345678, ['1234 5678', '5678 1234', '3412 7856', '7856 3412']],
    ['int64', -2, ['ffff ffff ffff fffe', 'fffe ffff ffff ffff', 'ffff ffff ffff feff', 'feff ffff ffff ffff']],
    [
      'uint64',
      0x0123456789abcdefn,
      ['0123 4567 89ab cdef', 'cdef 89ab 4567 0123', '2301 6745 ab89 efcd', 'efcd ab89 6745 2301'],
    ],
    ['float32', 21.5, ['41ac 0000', '0000 41ac', 'ac41 0000', '0000 ac41']],
    ['float64', 21.5, ['4035 8000 0000 0000', '0000 0000 8000 4035', '3540 0080 0000 0000', '0000 0000 0080 3540']],
  ])('are those of %s %s in each order, by either of its names', (type, value, expected) => {
    const words = (order?: string) => wordsOf({ start: 0, type, order, values: [value] } as RegisterBlock);
    expect(['ABCD', 'CDAB', 'BADC', 'DCBA'].map(words)).toEqual(expected);
    expect(['big', 'word-swap', 'byte-swap', 'little'].map(words)).toEqual(expected);
    expect(words()).toBe(expected[0]);
  });

  test('are as many as its values take: start counts registers, count counts values', () => {
    const table = registersOf(
      { start: 20, type: 'float32', order: 'CDAB', count: 4, value: 21.5 },
      { start: 28, type: 'int64', values: [-1n, 5] },
      { start: 10, type: 'int16', values: [-5, 5] },
      { start: 12, values: [7] },
    );
    expect(table.ranges).toEqual([
      { start: 10, count: 3 },
      { start: 20, count: 16 },
    ]);
    expect([20, 22, 24, 26].map((address) => table.getFloat32(address, 'CDAB'))).toEqual([21.5, 21.5, 21.5, 21.5]);
    expect([table.getBigInt64(28), table.getBigInt64(32)]).toEqual([-1n, 5n]);
    expect([table.getInt16(10), table.getInt16(11), table.get(12)]).toEqual([-5, 5, 7]);
  });

  test('are zero without a value', () => {
    expect(wordsOf({ start: 0, type: 'float64', count: 2 })).toBe(Array(8).fill('0000').join(' '));
  });

  test('may be numbered from 1, and end at the last address', () => {
    const { inputRegisters } = new Unit({
      id: 1,
      firstAddress: 1,
      inputRegisters: [{ start: 65533, type: 'uint64', values: [2n ** 64n - 1n] }],
    });
    expect(inputRegisters.ranges).toEqual([{ start: 65532, count: 4 }]);
    expect(inputRegisters.getBigUint64(65532)).toBe(2n ** 64n - 1n);
  });

  test.each([
    ['int16', -0x8000, 0x7fff],
    ['uint16', 0, 0xffff],
    ['int32', -0x80000000, 0x7fffffff],
    ['uint32', 0, 0xffffffff],
    ['int64', -(2n ** 63n), 2n ** 63n - 1n],
    ['uint64', 0n, 2n ** 64n - 1n],
  ])('hold all of %s, and one more or less is refused', (type, least, most) => {
    const one = typeof least === 'bigint' ? 1n : 1;
    expect(problemsOf({ start: 0, type, values: [least, most] })).toEqual([]);
    const outside = [Number(least) - 1, Number(most) + 1];
    const beyond = one === 1 ? outside : [BigInt(least) - 1n, BigInt(most) + 1n];
    const problems = problemsOf({ start: 0, type, values: [...beyond, 0.5, '1', null] });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([0, 1, 2, 3, 4].map((i) => `0.values.${i}`));
    expect(problems[0]).toContain(`expected an integer from ${least} to ${most}`);
  });

  test('hold floats that are no numbers or infinite, and refuse those that would become so', () => {
    const table = registersOf({ start: 0, type: 'float32', values: [Number.NaN, Number.NEGATIVE_INFINITY] });
    expect([table.getFloat32(0), table.getFloat32(2)]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY]);
    expect(problemsOf({ start: 0, type: 'float32', values: [1e39] })).toEqual([
      '0.values.0: expected a number from -3.4028235e38 to 3.4028235e38, found 1e+39',
    ]);
  });
});

describe('a wrong typed block', () => {
  test.each([
    [
      { start: 0, type: 'int8', values: ['x'] },
      [
        '0.type: expected one of "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64", found "int8"',
      ],
    ],
    [
      { start: 0, type: 'int16', order: 'abcd', values: [40000] },
      [
        '0.order: expected one of "ABCD", "CDAB", "BADC", "DCBA", "big", "little", "word-swap", "byte-swap", found "abcd"',
        '0.values.0: expected an integer from -32768 to 32767, found 40000',
      ],
    ],
    [{ start: 0, type: 'float32' }, ['0: give count, or values']],
    [{ start: 0, type: 'float32', count: 1, values: [1] }, ['0.count: give either count or values, not both']],
    [
      { start: 0, type: 'float32', value: '1', count: 1 },
      ['0.value: expected a number from -3.4028235e38 to 3.4028235e38, found "1"'],
    ],
    [{ start: 65535, type: 'float32', values: [1] }, ['0.start: expected an integer from 0 to 65534, found 65535']],
    [{ start: 65530, type: 'float32', count: 4 }, ['0.count: expected an integer from 1 to 3, found 4']],
    [{ start: 65530, type: 'uint64', values: [1, 2] }, ['0.values: expected 1 to 1 values, found 2']],
    [{ start: 0, order: 'CDAB', values: [1] }, ["0.order: give the type as well, such as type: 'float32'"]],
  ])('%j is refused', (block, expected) => {
    expect(problemsOf(block)).toEqual(expected);
  });

  test('overlaps to the end of its last value', () => {
    const float = { start: 10, type: 'float32', count: 3 };
    expect(problemsOf(float, { start: 16, count: 1 })).toEqual([]);
    expect(problemsOf(float, { start: 15, count: 1 })).toEqual([
      '1.start: the block at 15 overlaps holdingRegisters[0] (10..15)',
    ]);
  });

  test('is not accepted for bits or files', () => {
    const coils = [{ start: 0, type: 'int16', values: [true] }];
    expect(() => new Unit({ id: 1, coils } as UnitOptions)).toThrow('coils[0].type: unknown option');
    const files = [{ number: 1, start: 0, type: 'int16', values: [-1] }];
    expect(() => new Unit({ id: 1, files } as UnitOptions)).toThrow('files[0].type: unknown option');
  });
});

test.each([
  [-5, 'int16'],
  [-32769, 'int32'],
  [65536, 'uint32'],
  [2 ** 32, 'uint64'],
  [-(2 ** 40), 'int64'],
  [21.5, 'float32'],
  [1e39, 'float64'],
])('a plain block refuses %s, and names the type that takes it', (value, type) => {
  const says = `expected an integer from 0 to 65535, found ${value}; a block with type: '${type}' takes it`;
  expect(problemsOf({ start: 0, values: [value] })).toEqual([`0.values.0: ${says}`]);
  expect(problemsOf({ start: 0, count: 2, value })).toEqual([`0.value: ${says}`]);
});
