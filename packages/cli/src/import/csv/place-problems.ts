import type { PlacedProblem } from '../../config/problems.js';
import { type Column, PLACES } from './columns.js';
import type { ImportedCsv } from './import.js';

/** `units[0].points.flow.scale` */
const POINT = /^units\[(\d+)\]\.points\.([\w-]+)(?:\.(\w+))?/;

/** Where a key of a point stands, if its own name is not that of the column. */
const COLUMNS: Partial<Record<string, Column>> = { readOnly: 'access' };

/** The cell that a problem of the config comes from. */
export function cellOf({ key, message }: PlacedProblem, { lines, reading }: ImportedCsv): PlacedProblem {
  const [, unit, point = '', option = 'at'] = POINT.exec(key) ?? [];
  const line = unit === undefined ? undefined : lines[Number(unit)]?.get(point);
  if (line === undefined) return { line: 0, column: 0, key, message };
  const place = columnOf(option, reading.layout);
  return { line, column: place + 1, key: `${point}.${option}`, message };
}

function columnOf(option: string, layout: ReadonlyMap<string, number>): number {
  const names = option === 'at' ? PLACES : [COLUMNS[option] ?? option];
  return names.map((name) => layout.get(name)).find((place) => place !== undefined) ?? 0;
}
