import type { Access } from '../../access/access.js';
import type { TableName } from '../../protocol/tables.js';
import { BitTable } from '../bit-table.js';
import { MixedTable } from '../mixed-table.js';
import { BITS, overlaidPlace, registersOf } from '../overlay.js';
import { RegisterTable } from '../registers.js';
import type { Table } from '../table.js';
import { bitCell, RegistersCell, registerBitCell } from './cell.js';
import type { DeclaredPoint } from './declared-point.js';
import { hasRegisters, type PointPlace } from './place.js';
import { type Cell, Point } from './point.js';
import { laidOver } from './point-events.js';
import { type Entry, PointIndex } from './point-index.js';
import { WriteRules } from './write-rules.js';

/** The points of a unit. */
export interface UnitPoints {
  /** Without a prototype. */
  readonly byName: Readonly<Record<string, Point>>;
  readonly index: PointIndex<Point>;
  /** Undefined: clients may write everything. */
  readonly rules: WriteRules | undefined;
  readonly declared: readonly DeclaredPoint[];
}

/** A unit's data, as its points need it. */
interface WithPoints {
  readonly points: UnitPoints;
  readonly overlaid: boolean;
}

/** @param unit the tables of the points, and its access rules. */
export function createPoints(
  declared: readonly DeclaredPoint[],
  unit: { readonly tables: Readonly<Record<TableName, Table>>; readonly overlaid: boolean; readonly access: Access },
): UnitPoints {
  const byName: Record<string, Point> = Object.create(null);
  const points: Entry<Point>[] = [];
  for (const each of declared) {
    const { options, codec } = each;
    const { quantity } = codec;
    const place = unit.overlaid ? overlaidPlace(options.at) : options.at;
    const item = new Point(each, place, cellOf(place, quantity, unit.tables[place.table]));
    byName[each.name] = item;
    points.push({ item, place, quantity });
  }
  const restricted = points.filter(({ item }) => item.readOnly || item.whole || item.isLimited);
  return {
    byName: Object.freeze(byName),
    index: new PointIndex(points),
    rules: restricted.length === 0 ? undefined : new WriteRules(restricted, unit.access.readOnlyException),
    declared,
  };
}

/** The points that have a part in a range. */
export function pointsAt(
  { points, overlaid }: WithPoints,
  table: TableName,
  address: number,
  quantity: number,
): Point[] {
  const { index } = points;
  if (!overlaid) return index.at(table, address, quantity);
  if (hasRegisters(table)) return index.at('holdingRegisters', address, quantity);
  const { start, count } = registersOf(address, quantity);
  return index.at('holdingRegisters', start, count).filter(({ stored }) => {
    const bit = stored.bit === undefined ? address : BITS * stored.address + stored.bit;
    return bit >= address && bit < address + quantity;
  });
}

/** Bits, or registers. */
type Items = readonly (number | boolean)[];

/**
 * Checks values for a range by the points that it touches, each with what it would hold then.
 * @param registers the memory of all tables, where that is one.
 * @throws DataError of the first that does not fit.
 */
export function checkValues(
  device: WithPoints,
  registers: () => RegisterTable,
  { table, address, values }: { readonly table: TableName; readonly address: number; readonly values: Items },
): void {
  const points = pointsAt(device, table, address, values.length);
  const areBits = table === 'coils' || table === 'discreteInputs';
  const [start, items] = device.overlaid && areBits ? registersAfter(registers(), address, values) : [address, values];
  for (const point of points) point.checkWords(laidOver(point, start, items));
}

/** The registers that have these bits, as they would be with them. */
function registersAfter(table: RegisterTable, address: number, bits: Items): [start: number, registers: number[]] {
  const { start, count } = registersOf(address, bits.length);
  const registers = table.getRange(start, count);
  for (const [i, bit] of bits.entries()) {
    const mask = 1 << ((address + i) % BITS);
    const at = Math.floor((address + i) / BITS) - start;
    registers[at] = bit ? registers[at] | mask : registers[at] & ~mask;
  }
  return [start, registers];
}

function cellOf({ address, bit }: PointPlace, quantity: number, table: Table): Cell {
  const memory = table instanceof MixedTable ? table.memory : table;
  if (memory instanceof BitTable) return bitCell(memory, address);
  if (!(memory instanceof RegisterTable)) throw new Error('the point has no memory');
  return bit === undefined ? new RegistersCell(memory, address, quantity) : registerBitCell(memory, address, bit);
}
