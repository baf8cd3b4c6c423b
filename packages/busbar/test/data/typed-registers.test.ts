import { type RegisterTable, Unit } from 'busbar';
import { beforeEach, describe, expect, test } from 'vitest';
import { word } from '../helpers/hex.js';

type Order = 'ABCD' | 'CDAB' | 'BADC' | 'DCBA';

/** A value, and how it lies in the registers from address 100 on, by order. */
interface TypedCase<T> {
  value: T;
  registers: Record<Order, string>;
}

function orders(abcd: string, cdab: string, badc: string, dcba: string): Record<Order, string> {
  return { ABCD: abcd, CDAB: cdab, BADC: badc, DCBA: dcba };
}

const ORDERS: Order[] = ['ABCD', 'CDAB', 'BADC', 'DCBA'];
const INTEGER_32 = orders('01020304', '03040102', '02010403', '04030201');
const INTEGER_64 = orders('0102030405060708', '0708050603040102', '0201040306050807', '0807060504030201');

let table: RegisterTable;
const stored = (count: number) => table.getRange(100, count).map(word).join('');

beforeEach(() => {
  table = new Unit({ id: 1, holdingRegisters: [{ start: 100, count: 8, value: 0xeeee }] }).holdingRegisters;
});

function describeType<T>(
  name: string,
  cases: TypedCase<T>[],
  set: (value: T, order?: Order, address?: number) => void,
  get: (order?: Order, address?: number) => T,
  refused: T[],
): void {
  describe(name, () => {
    const rows = cases.flatMap(({ value, registers }) =>
      ORDERS.map((order) => ({ value, order, hex: registers[order] })),
    );
    test.each(rows)('puts $value in order $order as $hex, and gets it back', ({ value, order, hex }) => {
      set(value, order);
      expect(stored(hex.length / 4)).toBe(hex);
      expect(get(order)).toBe(value);
      expect(table.getRange(100 + hex.length / 4, 8 - hex.length / 4)).toEqual(Array(8 - hex.length / 4).fill(0xeeee));
    });
    test('takes order ABCD if none is named', () => {
      for (const { value, registers } of cases) {
        set(value);
        expect(stored(registers.ABCD.length / 4)).toBe(registers.ABCD);
        expect(get()).toBe(value);
      }
    });
    test('refuses what does not fit and leaves the registers as they were', () => {
      for (const value of refused) {
        expect(() => set(value), String(value)).toThrow(
          expect.objectContaining({ name: 'DataError', code: 'INVALID_VALUE' }),
        );
      }
      expect(stored(8)).toBe('EEEE'.repeat(8));
    });
    test('refuses addresses that are not all in the table and leaves the registers as they were', () => {
      const [{ value }] = cases as [TypedCase<T>];
      const registers = cases[0]?.registers.ABCD.length ?? 0;
      for (const address of [99, 108 - registers / 4 + 1, 108, -1, 65535, 65536, 100.5, Number.NaN]) {
        const outside = expect.objectContaining({ name: 'DataError', code: 'ADDRESS_OUTSIDE_TABLE' });
        expect(() => set(value, 'ABCD', address), `set at ${address}`).toThrow(outside);
        expect(() => get('ABCD', address), `get at ${address}`).toThrow(outside);
      }
      expect(stored(8)).toBe('EEEE'.repeat(8));
    });
  });
}

describeType(
  'uint16',
  [{ value: 0x0102, registers: orders('0102', '0102', '0201', '0201') }],
  (value, order, address = 100) => table.setUint16(address, value, order),
  (order, address = 100) => table.getUint16(address, order),
  [-1, 65536, 1.5, Number.NaN],
);

describeType(
  'int16',
  [
    { value: -2, registers: orders('FFFE', 'FFFE', 'FEFF', 'FEFF') },
    { value: -32768, registers: orders('8000', '8000', '0080', '0080') },
    { value: 32767, registers: orders('7FFF', '7FFF', 'FF7F', 'FF7F') },
  ],
  (value, order, address = 100) => table.setInt16(address, value, order),
  (order, address = 100) => table.getInt16(address, order),
  [-32769, 32768, 0.1],
);

describeType(
  'uint32',
  [
    { value: 0x01020304, registers: INTEGER_32 },
    { value: 4294967295, registers: orders('FFFFFFFF', 'FFFFFFFF', 'FFFFFFFF', 'FFFFFFFF') },
    { value: 65536, registers: orders('00010000', '00000001', '01000000', '00000100') },
  ],
  (value, order, address = 100) => table.setUint32(address, value, order),
  (order, address = 100) => table.getUint32(address, order),
  [-1, 4294967296, 1.5, Number.POSITIVE_INFINITY],
);

describeType(
  'int32',
  [
    { value: 0x01020304, registers: INTEGER_32 },
    { value: -2, registers: orders('FFFFFFFE', 'FFFEFFFF', 'FFFFFEFF', 'FEFFFFFF') },
    { value: -2147483648, registers: orders('80000000', '00008000', '00800000', '00000080') },
  ],
  (value, order, address = 100) => table.setInt32(address, value, order),
  (order, address = 100) => table.getInt32(address, order),
  [-2147483649, 2147483648, 0.5],
);

describeType(
  'uint64',
  [
    { value: 0x0102030405060708n, registers: INTEGER_64 },
    { value: 2n ** 64n - 1n, registers: orders('F'.repeat(16), 'F'.repeat(16), 'F'.repeat(16), 'F'.repeat(16)) },
  ],
  (value, order, address = 100) => table.setBigUint64(address, value, order),
  (order, address = 100) => table.getBigUint64(address, order),
  [-1n, 2n ** 64n],
);

describeType(
  'int64',
  [
    { value: 0x0102030405060708n, registers: INTEGER_64 },
    { value: -2n, registers: orders('FFFFFFFFFFFFFFFE', 'FFFEFFFFFFFFFFFF', 'FFFFFFFFFFFFFEFF', 'FEFFFFFFFFFFFFFF') },
    {
      value: -(2n ** 63n),
      registers: orders('8000000000000000', '0000000000008000', '0080000000000000', '0000000000000080'),
    },
  ],
  (value, order, address = 100) => table.setBigInt64(address, value, order),
  (order, address = 100) => table.getBigInt64(address, order),
  [2n ** 63n, -(2n ** 63n) - 1n],
);

describeType(
  'float32',
  [
    { value: 21.5, registers: orders('41AC0000', '000041AC', 'AC410000', '0000AC41') },
    { value: -0.15625, registers: orders('BE200000', '0000BE20', '20BE0000', '000020BE') },
    { value: Number.POSITIVE_INFINITY, registers: orders('7F800000', '00007F80', '807F0000', '0000807F') },
    { value: Number.NaN, registers: orders('7FC00000', '00007FC0', 'C07F0000', '0000C07F') },
    { value: -0, registers: orders('80000000', '00008000', '00800000', '00000080') },
  ],
  (value, order, address = 100) => table.setFloat32(address, value, order),
  (order, address = 100) => table.getFloat32(address, order),
  [],
);

describeType(
  'float64',
  [{ value: 21.5, registers: orders('4035800000000000', '0000000080004035', '3540008000000000', '0000000000803540') }],
  (value, order, address = 100) => table.setFloat64(address, value, order),
  (order, address = 100) => table.getFloat64(address, order),
  [],
);
