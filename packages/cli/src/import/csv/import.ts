import { basename, extname } from 'node:path';
import { ConfigError, type PlacedProblem } from '../../config/problems.js';
import type { DraftPoint, DraftUnit, Imported } from '../../draft/draft.js';
import { FreeNames, isPointName, pointName } from '../names.js';
import { Notes } from '../notes.js';
import { type Header, readHeader } from './columns.js';
import { type RowPoint, readPoint } from './points.js';
import type { Reading } from './row-cells.js';
import { type Row, readTable } from './table.js';

/** A config from a CSV file, with the line of each point. */
export interface ImportedCsv extends Imported {
  /** By unit, in the order of the config, and the name of the point. */
  readonly lines: readonly ReadonlyMap<string, number>[];
  readonly reading: Reading;
}

/**
 * Turns a table of points into a config. @param file the name to report. @param first what its addresses are counted from.
 * @throws ConfigError with all that is wrong; the columns in it count cells.
 */
export function importCsv(text: string, file: string, first: 0 | 1): ImportedCsv {
  const { delimiter, header, rows } = readTable(text, file);
  const columns = readHeader(header, file);
  const reading = { layout: columns.layout, header, delimiter, first };
  const problems: PlacedProblem[] = [];
  const points = rows.map((row) => readPoint(row, reading, problems));
  if (points.length === 0)
    problems.push({ line: header.line, column: 1, key: '', message: 'expected a line for each point behind this one' });
  if (problems.length > 0) throw new ConfigError(file, problems.sort(byPlace));
  const notes = new Notes();
  noteColumns(columns, points, notes);
  noteCells(header, rows, notes);
  const made = [...byUnit(points)].map(([id, own]) => unitOf(id, own, basename(file, extname(file)), notes));
  return {
    draft: { units: made.map(({ unit }) => unit) },
    headings: new Map(),
    notes: notes.lines,
    lines: made.map(({ lines }) => lines),
    reading,
  };
}

function byPlace(one: PlacedProblem, other: PlacedProblem): number {
  return one.line - other.line || one.column - other.column;
}

function noteColumns({ others, layout }: Header, points: readonly RowPoint[], notes: Notes): void {
  for (const name of others) notes.add('columns that are left out', `"${name}"`);
  if (!layout.has('scale')) return;
  for (const { line, point } of points) {
    if ((point.scale ?? 0) > 1)
      notes.add('the value is multiplied; if it is to be divided, name the column "divisor"', `line ${line}`);
  }
}

/** An unquoted delimiter within a cell makes the line longer, and all behind it of the wrong column. */
function noteCells({ cells: { length } }: Row, rows: readonly Row[], notes: Notes): void {
  for (const { line, cells } of rows) {
    if (cells.slice(length).some((cell) => cell !== '')) notes.add('more cells than columns', `line ${line}`);
  }
}

function byUnit(points: readonly RowPoint[]): Map<number, RowPoint[]> {
  const units = new Map<number, RowPoint[]>();
  for (const each of points) {
    const id = each.unitId ?? 1;
    units.set(id, [...(units.get(id) ?? []), each]);
  }
  return units;
}

function unitOf(id: number, rows: readonly RowPoint[], name: string, notes: Notes) {
  const names = new FreeNames();
  const points: Record<string, DraftPoint> = {};
  const lines = new Map<string, number>();
  for (const row of rows) {
    const own = nameOf(row, names, notes);
    points[own] =
      row.name === '' || isPointName(row.name) ? row.point : { ...row.point, description: description(row) };
    lines.set(own, row.line);
  }
  const unit: DraftUnit = { id, name, points };
  return { unit, lines };
}

/** The name in the table; or made of it, or of the place. */
function nameOf({ name, point, line }: RowPoint, names: FreeNames, notes: Notes): string {
  const wanted = pointName(name) || pointName(point.at);
  const free = names.take(wanted);
  if (free !== name && name !== '')
    notes.add('names that a point can have', `${JSON.stringify(name)} is ${free} (line ${line})`);
  return free;
}

/** Keeps what the name said. */
function description({ name, point }: RowPoint): string {
  return point.description === undefined ? name : `${name}: ${point.description}`;
}
