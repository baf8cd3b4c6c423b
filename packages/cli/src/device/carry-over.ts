import { isDeepStrictEqual } from 'node:util';
import { type Point, type RegisterTable, TABLE_NAMES, type TableName, type Unit } from 'busbar';
import { entries, numberAt, valueAt } from '../config/parts.js';

/** A unit with what the config says of it. */
export interface Entry {
  readonly unit: Unit;
  readonly content: unknown;
}

/** A unit before a reload: as it is by now, and as its config made it. */
interface Former {
  readonly unit: Unit;
  readonly initial: Unit;
}

/** A table, as far as values are carried over. */
interface Values<Value> {
  has(address: number, count: number): boolean;
  getRange(address: number, count: number): Value[];
  set(address: number, values: Value[]): void;
}

/**
 * Gives a unit the values that the one before it has by now: where the config has not changed the initial value, the
 * present one stays.
 */
export function carryOver(former: Former, to: Entry): void {
  const moves = movesOf(former, to.unit);
  for (const table of to.unit.shared ? (['holdingRegisters'] as const) : TABLE_NAMES)
    carryTable(former, to, table, moves);
  for (const [point, from] of moves) if (from !== undefined) giveValue(from, point);
  carryFiles(former, to.unit);
  carryQueues(former, to.unit);
}

function carryTable({ unit, initial }: Former, to: Entry, name: TableName, moves: Moves): void {
  const cells = [...cellsOf(to, name)].filter(({ point }) => point === undefined || !moves.has(point));
  if (name === 'coils' || name === 'discreteInputs') carryCells(unit[name], initial[name], to.unit[name], cells);
  else carryCells(unit[name], initial[name], to.unit[name], cells);
}

function carryCells<Value>(
  from: Values<Value>,
  initial: Values<Value>,
  to: Values<Value>,
  cells: Iterable<Cell>,
): void {
  for (const { address, quantity } of cells) {
    if (!from.has(address, quantity) || !initial.has(address, quantity)) continue;
    const present = from.getRange(address, quantity);
    const first = initial.getRange(address, quantity);
    // What has its initial value is left alone: it does not count as written.
    if (isDeepStrictEqual(present, first) || !isDeepStrictEqual(first, to.getRange(address, quantity))) continue;
    to.set(address, present);
  }
}

/** Points that have another place or type by now, with those whose values they take over. */
type Moves = ReadonlyMap<Point, Point | undefined>;

/** They keep what they mean: 65.0 at one scale is 65.0 at another. */
function movesOf({ unit, initial }: Former, to: Unit): Moves {
  const moves = new Map<Point, Point | undefined>();
  for (const [name, point] of Object.entries(to.points)) {
    const [from, first] = [unit.points[name], initial.points[name]];
    if (from === undefined || first === undefined || isSameMemory(from, point)) continue;
    moves.set(point, isDeepStrictEqual(readable(first), readable(point)) ? from : undefined);
  }
  return moves;
}

/** Whether the registers of a point mean the same for another. */
function isSameMemory(from: Point, to: Point): boolean {
  const facts = ({ table, address, bit, quantity, type, order, scale, offset, labels }: Point) => {
    return [table, address, bit, quantity, type, order, scale, offset, labels];
  };
  return isDeepStrictEqual(facts(from), facts(to));
}

/** Undefined if memory holds no value of the type. */
function readable(point: Point): Point['value'] | undefined {
  try {
    return point.value;
  } catch {
    return undefined;
  }
}

/** A value that the point cannot have any more is given up. */
function giveValue(from: Point, to: Point): void {
  try {
    to.value = from.value;
  } catch {
    // It keeps its initial value.
  }
}

function carryFiles({ unit, initial }: Former, to: Unit): void {
  for (const number of to.files.numbers) {
    const [from, first, table] = [unit, initial, to].map(({ files }) => files.get(number));
    if (from && first && table) carryCells(from, first, table, singles(table));
  }
}

function* singles({ ranges }: RegisterTable): Iterable<Cell> {
  for (const { start, count } of ranges) for (let i = 0; i < count; i++) yield { address: start + i, quantity: 1 };
}

function carryQueues({ unit, initial }: Former, to: Unit): void {
  for (const pointer of to.fifos.pointers) {
    const [from, first, queue] = [unit, initial, to].map(({ fifos }) => fifos.get(pointer));
    if (from === undefined || queue === undefined || !isDeepStrictEqual(first?.values, queue.values)) continue;
    queue.drain();
    queue.push(...from.values);
  }
}

/** Addresses of a table that hold one value. */
interface Cell {
  readonly address: number;
  readonly quantity: number;
  /** If it is that of a point. */
  readonly point?: Point;
}

const REGISTER_TABLES: readonly TableName[] = ['holdingRegisters', 'inputRegisters'];

/** All addresses of a table of a unit, those together that hold one value: of a point, or of a typed block. */
function* cellsOf({ unit, content }: { unit: Unit; content: unknown }, name: TableName): Iterable<Cell> {
  const sizes = new Map([...pointCells(unit, name), ...blockCells(content, name)].map((cell) => [cell.address, cell]));
  for (const { start, count } of unit[name].ranges) {
    for (let address = start; address < start + count; ) {
      const cell = sizes.get(address) ?? { address, quantity: 1 };
      yield cell;
      address += cell.quantity;
    }
  }
}

function pointCells({ points, shared }: Unit, name: TableName): Cell[] {
  const isHere = (table: TableName) => table === name || (shared && REGISTER_TABLES.includes(table));
  const here = Object.values(points).filter(({ table, bit }) => isHere(table) && bit === undefined);
  return here.map((point) => ({ address: point.address, quantity: point.quantity, point }));
}

function blockCells(content: unknown, name: TableName): Cell[] {
  const first = numberAt(content, 'firstAddress') ?? 0;
  return entries(content, name).flatMap((block) => {
    const quantity = registersOf(valueAt(block, 'type'));
    const count = numberAt(block, 'count') ?? entries(block, 'values').length;
    const start = (numberAt(block, 'start') ?? 0) - first;
    return Array.from({ length: quantity === 1 ? 0 : count }, (_, i) => ({ address: start + i * quantity, quantity }));
  });
}

/** Registers of a number of this type: `int32` has two, `float64` four. */
function registersOf(type: unknown): number {
  const [bits] = /\d+$/.exec(String(type)) ?? [];
  return bits === undefined ? 1 : Number(bits) / 16;
}
