import { stringify } from 'csv-stringify/sync';
import { guarded } from '../ground/formulas.js';
import type { RegisterRow, UnitRows } from './rows.js';
import { labelsText, orderOf, tableWord } from './words.js';

/** Types with a length of their own to say. */
const WITH_LENGTH = ['string', 'raw', 'bcd', 'bits'];

const COLUMNS = [
  ...['unit id', 'name', 'table', 'address', 'reference', 'bit', 'type', 'order', 'length', 'padding', 'scale'],
  ...['offset', 'unit', 'access', 'min', 'max', 'labels', 'value', 'whole', 'description'],
];

/**
 * The points of a config as a CSV that `busbar import csv` reads: addresses are counted from 0. It begins with the mark
 * of UTF-8: without it, Excel takes the text for another encoding.
 */
export function csvText(units: readonly UnitRows[]): string {
  const lines = units.flatMap(({ unit, rows }) => rows.map((row) => cellsOf(unit.id, row)));
  const cast = { bigint: String, string: guarded };
  return stringify([COLUMNS, ...lines], { bom: true, record_delimiter: 'windows', cast });
}

function cellsOf(id: number, { point, writable, padding, value }: RegisterRow): unknown[] {
  const { name, table, address, reference, bit, type, quantity, scale, offset } = point;
  const { unit, min, max, labels, whole, description } = point;
  return [
    id,
    name,
    tableWord(table),
    address,
    reference,
    bit,
    type,
    orderOf(point),
    WITH_LENGTH.includes(type) ? quantity : undefined,
    padding,
    scale,
    offset,
    unit,
    writable ? 'RW' : 'R',
    min,
    max,
    labels === undefined ? undefined : labelsText(labels),
    Array.isArray(value) ? value.join(', ') : typeof value === 'boolean' ? String(value) : value,
    whole ? 'true' : undefined,
    description,
  ];
}
