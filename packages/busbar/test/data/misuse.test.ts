import { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';

function createUnit(): Unit {
  return new Unit({
    id: 1,
    coils: [{ start: 8, values: [true, false, true] }],
    holdingRegisters: [
      { start: 10, values: [1, 2, 3, 4] },
      { start: 65534, count: 2 },
    ],
    inputRegisters: [0, 2, 4, 6, 8].map((start) => ({ start, count: 1 })),
    files: [{ number: 4, start: 0, values: [1, 2] }],
    fifos: [{ pointer: 5, values: [1, 2, 3] }],
  });
}

/** A call as a program in JavaScript makes it, unchecked by types; what it throws. */
function refusal(owner: object | undefined, method: string, args: unknown[]): unknown {
  if (owner === undefined) throw new Error('there is no such part');
  try {
    Reflect.apply(Reflect.get(owner, method), owner, args);
  } catch (error) {
    return error;
  }
  throw new Error(`${method} took it`);
}

const invalid = (message: string) => ({ name: 'DataError', code: 'INVALID_VALUE', message });
const outside = (message: string) => ({ name: 'DataError', code: 'ADDRESS_OUTSIDE_TABLE', message });

type Call = [method: string, args: unknown[], expected: object];

const COIL_CALLS: Call[] = [
  ['set', [8, 1], invalid('coils: expected true, false or an array of them, found 1')],
  ['set', [8, 'on'], invalid('coils: expected true, false or an array of them, found "on"')],
  ['set', [8], invalid('coils: expected true, false or an array of them, found undefined')],
  ['set', [8, null], invalid('coils: expected true, false or an array of them, found null')],
  ['set', [8, {}], invalid('coils: expected true, false or an array of them, found an object')],
  ['set', [8, new Map()], invalid('coils: expected true, false or an array of them, found an object')],
  ['set', [8, []], invalid('coils: expected at least one value, found an empty array')],
  ['set', [8, [true, 1]], invalid('coils: expected true or false, found 1')],
  ['set', ['8', true], invalid('coils: expected an address (a number), found "8"')],
  ['get', [7], outside('coils: address 7 does not exist; it has 8..10')],
  ['get', [], invalid('coils: expected an address (a number), found undefined')],
  ['getRange', [8], invalid('coils: expected a count (a number), found undefined')],
  ['getRange', [8, '3'], invalid('coils: expected a count (a number), found "3"')],
  ['getRange', [8, 1.5], outside('coils: not all of 1.5 addresses from 8 on exist; it has 8..10')],
  ['getRange', [10, 2], outside('coils: not all of 2 addresses from 10 on exist; it has 8..10')],
];

const REGISTER_CALLS: Call[] = [
  ['set', [10, true], invalid('holdingRegisters: expected a number or an array of them, found true')],
  ['set', [10, '5'], invalid('holdingRegisters: expected a number or an array of them, found "5"')],
  ['set', [10, 5n], invalid('holdingRegisters: expected a number or an array of them, found 5n')],
  ['set', [10], invalid('holdingRegisters: expected a number or an array of them, found undefined')],
  [
    'set',
    [10, { length: 'many' }],
    invalid('holdingRegisters: expected a number or an array of them, found an object'),
  ],
  ['set', [10, new Uint16Array(0)], invalid('holdingRegisters: expected at least one value, found an empty array')],
  ['set', [10, [1, '2']], invalid('holdingRegisters: expected an integer from 0 to 65535, found "2"')],
  ['set', [10, [1, [2]]], invalid('holdingRegisters: expected an integer from 0 to 65535, found an array')],
  [
    'set',
    [10, { length: 1e9 }],
    outside('holdingRegisters: not all of 1000000000 addresses from 10 on exist; it has 10..13, 65534..65535'),
  ],
  ['get', ['10'], invalid('holdingRegisters: expected an address (a number), found "10"')],
  ['get', [14], outside('holdingRegisters: address 14 does not exist; it has 10..13, 65534..65535')],
  ['getRange', [10, '2'], invalid('holdingRegisters: expected a count (a number), found "2"')],
  [
    'getRange',
    [10, 1.5],
    outside('holdingRegisters: not all of 1.5 addresses from 10 on exist; it has 10..13, 65534..65535'),
  ],
  ['setBit', [10, 3, 1], invalid('bit 3: expected true or false, found 1')],
  ['setBit', [10, '3', true], invalid('bit: expected an integer from 0 to 15, found "3"')],
  ['getString', [10], invalid('holdingRegisters: expected a count (a number), found undefined')],
  ['getString', [10, 2, 'CDAB'], invalid('byte order of a text: expected ABCD or BADC, found "CDAB"')],
  ['setString', [10, 5, 2], invalid('holdingRegisters: expected a string, found 5')],
  ['setString', [10, 'a', 2, 'DCBA'], invalid('byte order of a text: expected ABCD or BADC, found "DCBA"')],
  ['setInt32', [10, '5'], invalid('int32: expected an integer from -2147483648 to 2147483647, found "5"')],
  [
    'setBigInt64',
    [10, 5],
    invalid('int64: expected a bigint from -9223372036854775808 to 9223372036854775807, found 5'),
  ],
  ['setFloat64', [10, {}], invalid('float64: expected a number, found an object')],
  ['setFloat32', [10, 1e39], invalid('float32: expected a number from -3.4028235e38 to 3.4028235e38, found 1e+39')],
  ['getFloat32', [10, 'abcd'], invalid('byte order: expected one of ABCD, CDAB, BADC, DCBA, found "abcd"')],
];

describe('a table in memory says what it found and what it expects', () => {
  test.each(COIL_CALLS)('coils.%s(...%j)', (method, args, expected) => {
    const { coils } = createUnit();
    expect(refusal(coils, method, args)).toMatchObject(expected);
    expect(coils.getRange(8, 3)).toEqual([true, false, true]);
  });

  test.each(REGISTER_CALLS.map((call) => [String(call[1]), ...call] as const))(
    'holdingRegisters: %s to %s',
    (_, method, args, expected) => {
      const { holdingRegisters } = createUnit();
      expect(refusal(holdingRegisters, method, args)).toMatchObject(expected);
      expect(holdingRegisters.getRange(10, 4)).toEqual([1, 2, 3, 4]);
    },
  );

  test('also where it is a file, is empty, or has many ranges', () => {
    const { files, discreteInputs, inputRegisters } = createUnit();
    expect(refusal(files.get(4), 'get', [2])).toMatchObject(outside('file 4: address 2 does not exist; it has 0..1'));
    expect(refusal(discreteInputs, 'get', [0])).toMatchObject(
      outside('discreteInputs: address 0 does not exist; it is empty'),
    );
    expect(refusal(inputRegisters, 'get', [1])).toMatchObject(
      outside('inputRegisters: address 1 does not exist; it has 0..0, 2..2, 4..4, 6..6, …'),
    );
  });

  test.each([[8.5], ['8'], [8, 1.5], [8, '1'], [8, 0], [8, -1], [undefined]])('has(...%j) is false', (...args) => {
    const { coils } = createUnit();
    expect(Reflect.apply(coils.has, coils, args)).toBe(false);
  });
});

describe('queues and the unit say it too', () => {
  test('push', () => {
    const queue = createUnit().fifos.get(5);
    expect(refusal(queue, 'push', [[4, 5]])).toMatchObject(
      invalid('FIFO queue: expected an integer from 0 to 65535, found an array'),
    );
    expect(queue?.values).toEqual([1, 2, 3]);
  });

  test('fifos.create', () => {
    const { fifos } = createUnit();
    expect(refusal(fifos, 'create', [6, 7])).toMatchObject({ message: 'values: expected an array, found 7' });
    expect(refusal(fifos, 'create', [6, [70000]])).toMatchObject({
      message: 'values[0]: expected an integer from 0 to 65535, found 70000',
    });
    expect(fifos.pointers).toEqual([5]);
  });

  test.each([-1, 65536, 1.5])('diagnosticRegister %d', (value) => {
    const unit = createUnit();
    expect(() => {
      unit.diagnosticRegister = value;
    }).toThrow(`diagnosticRegister: expected an integer from 0 to 65535, found ${value}`);
    expect(unit.diagnosticRegister).toBe(0);
  });
});

describe('what another unit has in memory is refused as an option', () => {
  test.each(['coils', 'discreteInputs', 'holdingRegisters', 'inputRegisters', 'files', 'fifos'] as const)(
    '%s',
    (key) => {
      const other = createUnit();
      expect(() => new Unit({ id: 2, ...{ [key]: other[key] } })).toThrow(
        `${key}: expected blocks or handlers, found the memory of another unit`,
      );
    },
  );
});
