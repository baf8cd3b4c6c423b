import type { Point, TableName, Unit } from 'busbar';
import { entries, numberAt, valueAt } from '../config/parts.js';

/** Addresses of a table that hold one value. */
export interface Cell {
  readonly address: number;
  readonly quantity: number;
  /** If it is that of a point. */
  readonly point?: Point;
}

const REGISTER_TABLES: readonly TableName[] = ['holdingRegisters', 'inputRegisters'];

/** All addresses of a table of a unit, those together that hold one value: of a point, or of a typed block. */
export function* cellsOf({ unit, content }: { unit: Unit; content: unknown }, name: TableName): Iterable<Cell> {
  const sizes = new Map([...pointCells(unit, name), ...blockCells(content, name)].map((cell) => [cell.address, cell]));
  for (const { start, count } of unit[name].ranges) {
    for (let address = start; address < start + count; ) {
      const cell = sizes.get(address) ?? { address, quantity: 1 };
      yield cell;
      address += cell.quantity;
    }
  }
}

function pointCells({ points, holdingRegisters, inputRegisters }: Unit, name: TableName): Cell[] {
  const isShared = holdingRegisters === inputRegisters && REGISTER_TABLES.includes(name);
  const isHere = (table: TableName) => table === name || (isShared && REGISTER_TABLES.includes(table));
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
