import { formatPath, type Point, type Unit } from 'busbar';
import { parseConfig } from '../config/load.js';
import { entries, numberAt, valueAt } from '../config/parts.js';
import { Source } from '../config/source.js';
import { readConfigText, shownName } from '../config/text.js';

/** A point as register tables have it. */
export interface RegisterRow {
  readonly point: Point;
  /** Whether clients may write it, by all rules of its unit. */
  readonly writable: boolean;
  readonly padding: string | undefined;
  /** Initial value, as the config has it. */
  readonly value: unknown;
}

export interface UnitRows {
  readonly unit: Unit;
  /** By table and address. */
  readonly rows: readonly RegisterRow[];
  /** Blocks that stand beside the points, by their keys in the config. They have no names, so they are no rows. */
  readonly blocks: readonly string[];
}

/** The points of a config. @param file `-` is the standard input. @throws ConfigError */
export function readRows(file: string): UnitRows[] {
  const [text, name] = [readConfigText(file), shownName(file)];
  const { units } = parseConfig(text, name);
  const options = entries(new Source(text, name).value, 'units');
  return units.map((unit, i) => ({ unit, rows: rowsOf(unit, options[i]), blocks: blocksOf(options[i], i) }));
}

function blocksOf(options: unknown, i: number): string[] {
  return TABLES.filter((table) => entries(options, table).length > 0).map((table) => formatPath(['units', i, table]));
}

const TABLES = ['coils', 'discreteInputs', 'inputRegisters', 'holdingRegisters'];

function rowsOf(unit: Unit, options: unknown): RegisterRow[] {
  const points = Object.values(unit.points).sort(byPlace);
  return points.map((point) => {
    const own = valueAt(valueAt(options, 'points'), point.name);
    const padding = valueAt(own, 'padding');
    return {
      point,
      writable: isWritable(point, valueAt(options, 'access')),
      padding: typeof padding === 'string' ? padding : undefined,
      value: valueAt(own, 'value'),
    };
  });
}

function byPlace(one: Point, other: Point): number {
  return (
    TABLES.indexOf(one.table) - TABLES.indexOf(other.table) ||
    one.address - other.address ||
    (one.bit ?? -1) - (other.bit ?? -1)
  );
}

function isWritable(point: Point, access: unknown): boolean {
  if (point.readOnly || point.table === 'discreteInputs' || point.table === 'inputRegisters') return false;
  return valueAt(access, 'readOnly') !== true && !entries(access, 'readOnly').some((range) => touches(range, point));
}

function touches(range: unknown, { table, address, quantity }: Point): boolean {
  const [start, count] = [numberAt(range, 'start') ?? 0, numberAt(range, 'count') ?? 0];
  return valueAt(range, 'table') === table && start < address + quantity && address < start + count;
}
