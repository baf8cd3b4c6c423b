import { type ByteOrder, type NumberType, type RegisterTable, Unit } from 'busbar';
import type { Value } from './contract.js';
import { numberFromJson, numberToJson } from './json.js';
import { ApiProblem } from './problem.js';

/** How a table of registers reads and writes numbers of one type. */
interface Access {
  readonly registers: 1 | 2 | 4;
  read(table: RegisterTable, address: number, order: ByteOrder): number | bigint;
  write(table: RegisterTable, address: number, value: number | bigint, order: ByteOrder): void;
}

const ACCESS: Readonly<Record<NumberType, Access>> = {
  uint16: {
    registers: 1,
    read: (table, address, order) => table.getUint16(address, order),
    write: (table, address, value, order) => table.setUint16(address, Number(value), order),
  },
  int16: {
    registers: 1,
    read: (table, address, order) => table.getInt16(address, order),
    write: (table, address, value, order) => table.setInt16(address, Number(value), order),
  },
  uint32: {
    registers: 2,
    read: (table, address, order) => table.getUint32(address, order),
    write: (table, address, value, order) => table.setUint32(address, Number(value), order),
  },
  int32: {
    registers: 2,
    read: (table, address, order) => table.getInt32(address, order),
    write: (table, address, value, order) => table.setInt32(address, Number(value), order),
  },
  uint64: {
    registers: 4,
    read: (table, address, order) => table.getBigUint64(address, order),
    write: (table, address, value, order) => table.setBigUint64(address, asBigint(value), order),
  },
  int64: {
    registers: 4,
    read: (table, address, order) => table.getBigInt64(address, order),
    write: (table, address, value, order) => table.setBigInt64(address, asBigint(value), order),
  },
  float32: {
    registers: 2,
    read: (table, address, order) => table.getFloat32(address, order),
    write: (table, address, value, order) => table.setFloat32(address, Number(value), order),
  },
  float64: {
    registers: 4,
    read: (table, address, order) => table.getFloat64(address, order),
    write: (table, address, value, order) => table.setFloat64(address, Number(value), order),
  },
};

/** How many registers a number takes. */
export function registersOf(type: NumberType): number {
  return ACCESS[type].registers;
}

/** `count` numbers from an address on. */
export function readNumbers(
  table: RegisterTable,
  { start, count, type, order }: { start: number; count: number; type: NumberType; order: ByteOrder },
): (number | string)[] {
  const { registers, read } = ACCESS[type];
  return Array.from({ length: count }, (_, i) => numberToJson(read(table, start + i * registers, order)));
}

/** The registers of numbers. @throws DataError, ApiProblem if one does not fit the type. */
export function toRegisters(values: readonly Value[], type: NumberType, order: ByteOrder): number[] {
  const { registers, write } = ACCESS[type];
  const count = values.length * registers;
  const scratch = new Unit({ id: 1, holdingRegisters: [{ start: 0, count }] }).holdingRegisters;
  for (const [i, value] of values.entries()) write(scratch, i * registers, numeric(value, i), order);
  return scratch.getRange(0, count);
}

function numeric(value: Value, i: number): number | bigint {
  const number = numberFromJson(value);
  if (typeof number === 'number' || typeof number === 'bigint') return number;
  throw new ApiProblem(422, `values[${i}]: expected a number, found ${JSON.stringify(value)}`);
}

function asBigint(value: number | bigint): bigint {
  if (typeof value === 'bigint' || Number.isInteger(value)) return BigInt(value);
  throw new ApiProblem(422, `expected whole numbers, found ${value}`);
}
