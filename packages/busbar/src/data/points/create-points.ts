import type { TableName } from '../../protocol/tables.js';
import { BitTable } from '../bit-table.js';
import type { Device } from '../device.js';
import { MixedTable } from '../mixed-table.js';
import { BITS, overlaidPlace, registersOf } from '../overlay.js';
import { RegisterTable } from '../registers.js';
import type { Table } from '../table.js';
import { bitCell, type Cell, RegistersCell, registerBitCell } from './cell.js';
import type { DeclaredPoint } from './declared-point.js';
import { hasRegisters, type PointPlace } from './place.js';
import { Point } from './point.js';
import { type Entry, PointIndex } from './point-index.js';
import { PointRule, WriteRules } from './write-rules.js';

/** The points of a unit. */
export interface UnitPoints {
  /** Without a prototype. */
  readonly byName: Readonly<Record<string, Point>>;
  readonly index: PointIndex<Point>;
  /** Undefined: clients may write everything. */
  readonly rules: WriteRules | undefined;
  readonly declared: readonly DeclaredPoint[];
}

/** @param unit the tables of the points, and its access rules. */
export function createPoints(
  declared: readonly DeclaredPoint[],
  unit: Pick<Device, 'tables' | 'overlaid' | 'access'>,
): UnitPoints {
  const byName: Record<string, Point> = Object.create(null);
  const points: Entry<Point>[] = [];
  const rules: Entry<PointRule>[] = [];
  for (const each of declared) {
    const { options, codec, limits } = each;
    const { quantity } = codec;
    const place = unit.overlaid ? overlaidPlace(options.at) : options.at;
    const cell = cellOf(place, quantity, unit.tables[place.table]);
    const point = new Point(each, place, cell);
    byName[each.name] = point;
    points.push({ item: point, place, quantity });
    if (options.readOnly || options.whole || limits !== undefined)
      rules.push({ item: new PointRule(each, place, cell), place, quantity });
  }
  return {
    byName: Object.freeze(byName),
    index: new PointIndex(points),
    rules: rules.length === 0 ? undefined : new WriteRules(rules, unit.access.readOnlyException),
    declared,
  };
}

/** The points that have a part in a range. */
export function pointsAt(
  { points, overlaid }: Pick<Device, 'points' | 'overlaid'>,
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

function cellOf({ address, bit }: PointPlace, quantity: number, table: Table): Cell {
  const memory = table instanceof MixedTable ? table.memory : table;
  if (memory instanceof BitTable) return bitCell(memory, address);
  if (!(memory instanceof RegisterTable)) throw new Error('the point has no memory');
  return bit === undefined ? new RegistersCell(memory, address, quantity) : registerBitCell(memory, address, bit);
}
