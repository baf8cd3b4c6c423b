import type { PlacedProblem } from '../../config/problems.js';
import type { DraftPoint } from '../../draft/draft.js';
import {
  CellError,
  readAccess,
  readFunction,
  readInteger,
  readLabels,
  readNumber,
  readOrder,
  readSwitch,
  readTableName,
  readType,
  readValue,
} from './cells.js';
import { PLACES } from './columns.js';
import { readPlace } from './place.js';
import { type Reading, RowCells } from './row-cells.js';
import type { Delimiter, Row } from './table.js';

/** A line of the table, read. */
export interface RowPoint {
  readonly line: number;
  /** The cell of the name, which may be empty or no name of a point. */
  readonly name: string;
  readonly unitId: number | undefined;
  readonly point: DraftPoint;
}

/** Reads a line; problems are added to `problems`. */
export function readPoint(row: Row, reading: Reading, problems: PlacedProblem[]): RowPoint {
  const { delimiter } = reading;
  const cells = new RowCells(row, reading, problems);
  const shape = { at: placeOf(cells, reading), ...form(cells, delimiter) };
  const value = cells.read('value', (text) => readValue(text, shape, delimiter));
  return {
    line: row.line,
    name: cells.text('name') ?? '',
    unitId: cells.read('unitId', (text) => readInteger(text, delimiter)),
    point: ordered({ ...shape, value, ...rights(cells, shape.at), description: cells.text('description') }),
  };
}

function placeOf(cells: RowCells, { layout, delimiter, first }: Reading): string {
  const given = {
    place: cells.text('place'),
    table: cells.read('table', readTableName) ?? cells.read('function', readFunction),
    address: cells.text('modbusAddress') ?? cells.text('address'),
    reference: cells.text('reference'),
    bit: cells.read('bit', (text) => readInteger(text, delimiter)),
  };
  const column = PLACES.find((each) => cells.text(each) !== undefined) ?? PLACES.find((each) => layout.has(each));
  return cells.readAt(column ?? 'place', () => readPlace(given, first)) ?? '';
}

type Loose = { [Key in Exclude<keyof DraftPoint, 'at'>]?: DraftPoint[Key] | undefined };

function form(cells: RowCells, delimiter: Delimiter): Loose {
  const number = (text: string) => readNumber(text, delimiter);
  const plain = (text: string) => Number(readNumber(text, delimiter));
  const type = cells.read('type', readType);
  const scale = cells.read('scale', plain) ?? cells.read('divisor', (text) => quotient(plain(text)));
  return {
    type,
    order: cells.read('order', ownOrder),
    length: cells.read('length', (text) => ownLength(readInteger(text, delimiter), type)),
    padding: cells.text('padding'),
    scale: scale === 1 ? undefined : scale,
    offset: cells.read('offset', plain) || undefined,
    unit: cells.text('unit'),
    min: cells.read('min', number),
    max: cells.read('max', number),
    labels: cells.read('labels', readLabels),
  };
}

/** The usual order need not be said, and not all types have one. */
function ownOrder(text: string): string | undefined {
  const order = readOrder(text);
  return order === 'ABCD' ? undefined : order;
}

/** Registers, or bits, of the types that have no length of their own. */
const SIZES: Readonly<Record<string, number>> = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int64: 4,
  uint64: 4,
  float32: 2,
  float64: 4,
  unixTime: 2,
};

/** A table may tell the number of registers of every point: only some types need it. */
function ownLength(length: number, type: string | undefined): number | undefined {
  const size = type === undefined ? 1 : SIZES[type];
  if (size === undefined) return length;
  if (size === length) return undefined;
  const about = type === undefined ? 'a point without a type is a uint16, which' : type;
  throw new CellError(`${about} takes ${size === 1 ? '1 register' : `${size} registers`}, found ${length}`);
}

/** 1 divided by a number, as a decimal: by 10 it is 0.1. */
function quotient(divisor: number): number {
  if (divisor === 0) throw new CellError('expected a number other than 0');
  return Number((1 / divisor).toPrecision(15));
}

/** Clients never write inputs. */
function rights(cells: RowCells, at: string): Loose {
  const writable = cells.read('access', (text) => {
    const isWritable = readAccess(text);
    const isInput = /^(input|discrete)/.test(at);
    if (isWritable && isInput) throw new CellError(`clients can't write ${at}: expected R`);
    return isWritable || isInput;
  });
  return {
    readOnly: writable === false ? true : undefined,
    whole: cells.read('whole', readSwitch) || undefined,
  };
}

/** Without the keys that are not there. */
function ordered(point: Loose & { at: string }): DraftPoint {
  return Object.assign(
    { at: point.at },
    Object.fromEntries(Object.entries(point).filter(([, value]) => value !== undefined)),
  );
}
