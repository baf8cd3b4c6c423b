import type { Point, Unit } from 'busbar';
import { shown } from '../ground/shown.js';
import type { Logger } from './logger.js';

/** The most characters of a value that a row shows. */
const LONGEST_VALUE = 24;

/** A longer value stands out of its column, and leaves the others where they are. */
const VALUE_COLUMN = 12;

/** Says in a few words what moves a point; undefined: nothing does. */
export type Mover = (point: Point) => string | undefined;

/** Name, place, type, value, and what moves it. */
type Row = readonly [string, string, string, string, string];

/**
 * The points of a unit, one a line, in columns: at most `most` of them, and how many more there are.
 * @param width of the lines; what moves a point is cut to fit.
 */
export function pointTable(unit: Unit, most: number, width: number, mover: Mover, log: Logger): string[] {
  const points = Object.values(unit.points);
  const rows = points.slice(0, most).map((point) => rowOf(point, mover));
  const left = points.length - rows.length;
  const more = left === 0 ? [] : [log.dim(rows.length === 0 ? `${left} points` : `and ${left} more`)];
  return [...aligned(rows, width).map((row) => painted(row, log)), ...more];
}

function rowOf(point: Point, mover: Mover): Row {
  const { name, place, type, order, text } = point;
  const kind = order === 'ABCD' ? type : `${type} ${order}`;
  return [name, place, kind, cut(shown(text), LONGEST_VALUE), shown(mover(point) ?? '')];
}

function aligned(rows: readonly Row[], width: number): Row[] {
  const [name, place, type, value] = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => {
    const shown = row[3].padEnd(Math.min(value, VALUE_COLUMN));
    const room = width - (name + place + type + shown.length + 4 * GAP.length);
    return [row[0].padEnd(name), row[1].padEnd(place), row[2].padEnd(type), shown, cut(row[4], Math.max(room, 0))];
  });
}

const GAP = '  ';

function painted([name, place, type, value, moved]: Row, log: Logger): string {
  const row = [name, log.dim(place), log.dim(type)];
  return [...row, ...(moved === '' ? [value.trimEnd()] : [value, log.dim(moved)])].join(GAP);
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.max(most - 1, 0))}…` : text;
}
