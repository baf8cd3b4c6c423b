import { isDeepStrictEqual } from 'node:util';
import { type Point, type RegisterTable, TABLE_NAMES, type TableName, type Unit } from 'busbar';
import { type Cell, cellsOf } from './cells.js';

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
  const shared = to.unit.holdingRegisters === to.unit.inputRegisters;
  for (const table of shared ? (['holdingRegisters'] as const) : TABLE_NAMES) carryTable(former, to, table, moves);
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
    const wasThere = from.has(address, quantity) && initial.has(address, quantity);
    if (!wasThere || !isDeepStrictEqual(initial.getRange(address, quantity), to.getRange(address, quantity))) continue;
    to.set(address, from.getRange(address, quantity));
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
