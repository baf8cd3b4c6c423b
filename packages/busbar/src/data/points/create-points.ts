import type { TableName } from '../../protocol/tables.js';
import { BitTable } from '../bit-table.js';
import { MixedTable } from '../mixed-table.js';
import { RegisterTable } from '../registers.js';
import type { Table } from '../table.js';
import { bitCell, type Cell, registerBitCell, registersCell } from './cell.js';
import type { DeclaredPoint } from './declared-point.js';
import { Point } from './point.js';
import { PointIndex } from './point-index.js';

/** The points of a unit. */
export interface UnitPoints {
  /** Without a prototype. */
  readonly byName: Readonly<Record<string, Point>>;
  readonly index: PointIndex;
}

/** @param tables in which the points have their addresses. */
export function createPoints(
  declared: readonly DeclaredPoint[],
  tables: Readonly<Record<TableName, Table>>,
): UnitPoints {
  const points = declared.map((each) => new Point(each, cellOf(each, tables[each.place.table])));
  const byName: Record<string, Point> = Object.create(null);
  for (const point of points) byName[point.name] = point;
  return { byName: Object.freeze(byName), index: new PointIndex(points) };
}

function cellOf({ place, codec, name }: DeclaredPoint, table: Table): Cell {
  const { address, bit } = place;
  const memory = table instanceof MixedTable ? table.memory : table;
  if (memory instanceof BitTable) return bitCell(memory, address);
  if (!(memory instanceof RegisterTable)) throw new Error(`the point ${name} has no memory`);
  return bit === undefined ? registersCell(memory, address, codec.quantity) : registerBitCell(memory, address, bit);
}
