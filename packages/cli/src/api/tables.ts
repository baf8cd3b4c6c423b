import {
  type BitTable,
  type ByteOrder,
  type DataError,
  decodeNumbers,
  encodeNumbers,
  type NumberType,
  type RegisterTable,
  registersOf,
  type TableName,
  type Unit,
} from 'busbar';
import type { Range, TableWord, Value } from './contract.js';
import { numberFromJson, numberToJson, quoted } from './json.js';
import { ApiProblem } from './problem.js';
import { API_SOURCE } from './sources.js';

/** The tables behind the words of paths. */
export const TABLE_OF: Readonly<Record<TableWord, TableName>> = {
  coils: 'coils',
  discrete: 'discreteInputs',
  holding: 'holdingRegisters',
  input: 'inputRegisters',
};

/** What is read or written; what is left out has a default. */
interface Asked {
  readonly start?: number | undefined;
  readonly count?: number | undefined;
  readonly type?: NumberType | undefined;
  readonly order?: ByteOrder | undefined;
}

type Read = Omit<Range, 'unit'>;

/** Reads values of a table. @throws ApiProblem */
export function readRange(unit: Unit, table: TableName, asked: Asked): Read {
  if (isOfBits(table)) return readBits(unit[table], table, checkedForBits(asked));
  const registers = unit[table];
  const { type = 'uint16', order = 'ABCD' } = asked;
  const size = registersOf(type);
  const { start, count } = wholeRange(registers, table, asked, size);
  const words = registers.getRange(start, count * size);
  const values = decodeNumbers(words, type, order).map(numberToJson);
  return { table, start, count, type, order, values, registers: words };
}

function readBits(bits: BitTable, table: TableName, asked: Asked): Read {
  const { start, count } = wholeRange(bits, table, asked, 1);
  return { table, start, count, type: 'bool', order: 'ABCD', values: bits.getRange(start, count) };
}

/** Writes values of a table, within the types and limits of its points. @throws ApiProblem, DataError */
export function writeRange(
  unit: Unit,
  table: TableName,
  asked: Asked & { start: number },
  values: readonly Value[],
): Read {
  if (values.length === 0) throw new ApiProblem(422, 'values: expected at least one');
  const range = { ...asked, count: values.length };
  if (isOfBits(table)) writeBits(unit, table, checkedForBits(range), values);
  else writeRegisters(unit, table, range, values);
  return readRange(unit, table, range);
}

type Write = Asked & { readonly start: number };

function writeBits(unit: Unit, table: 'coils' | 'discreteInputs', asked: Write, values: readonly Value[]): void {
  const bits = values.map((value, i) => {
    if (typeof value === 'boolean') return value;
    throw new ApiProblem(422, `values[${i}]: expected true or false, found ${quoted(value)}`);
  });
  const { start } = wholeRange(unit[table], table, asked, 1);
  unit.checkValues(table, start, bits);
  unit.as(API_SOURCE, () => unit[table].set(start, bits));
}

function writeRegisters(
  unit: Unit,
  table: 'holdingRegisters' | 'inputRegisters',
  asked: Write,
  values: readonly Value[],
): void {
  const { type = 'uint16', order = 'ABCD' } = asked;
  const { start } = wholeRange(unit[table], table, asked, registersOf(type));
  const words = encodeNumbers(values.map(numeric), type, order);
  unit.checkValues(table, start, words);
  unit.as(API_SOURCE, () => unit[table].set(start, words));
}

function numeric(value: Value, i: number): number | bigint {
  const number = numberFromJson(value);
  if (typeof number === 'number' || typeof number === 'bigint') return number;
  throw new ApiProblem(422, `values[${i}]: expected a number, found ${quoted(value)}`);
}

function isOfBits(table: TableName): table is 'coils' | 'discreteInputs' {
  return table === 'coils' || table === 'discreteInputs';
}

function checkedForBits<T extends Asked>(asked: T): T {
  if (asked.type === undefined && asked.order === undefined) return asked;
  throw new ApiProblem(400, 'type and order are for registers: coils and discrete inputs are true or false');
}

/** The values that exist, by default up to the next gap. @param size addresses of a value. */
function wholeRange(
  memory: BitTable | RegisterTable,
  table: TableName,
  { start = memory.ranges[0]?.start ?? 0, count }: Asked,
  size: number,
): { start: number; count: number } {
  const home = memory.ranges.find((range) => start >= range.start && start < range.start + range.count);
  const there = home === undefined ? 0 : Math.floor((home.start + home.count - start) / size);
  if (there > 0 && (count === undefined || count <= there)) return { start, count: count ?? there };
  const allowed = memory.ranges.map((range) =>
    range.count === 1 ? String(range.start) : `${range.start} to ${range.start + range.count - 1}`,
  );
  throw new ApiProblem(404, missing(table, start, (count ?? 1) * size), { allowed });
}

/** Says that a range is not there as a whole. */
export function missing(table: TableName, start: number, count: number): string {
  if (count === 1) return `${table}: there is no address ${start}`;
  return `${table}: not all of the ${count} addresses from ${start} on exist`;
}

/** The problem behind an error of the library. */
export function dataProblem(error: DataError): ApiProblem {
  return new ApiProblem(error.code === 'ADDRESS_OUTSIDE_TABLE' ? 404 : 422, error.message);
}
