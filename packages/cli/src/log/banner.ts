import type { Range, TableName, Unit } from 'busbar';
import { formatAddresses } from 'busbar/protocol';
import { shown } from '../ground/shown.js';
import { describeListener } from '../listeners/describe.js';
import type { BoundServer } from '../listeners/server.js';
import { TABLES, type TableFacts } from '../listeners/tables.js';
import { unitName } from '../listeners/unit-name.js';
import type { Logger } from './logger.js';
import { type Mover, pointTable } from './point-table.js';
import { commandsToTry } from './try-it.js';

/** A listener with the address that it got, and what it serves. */
type Place = Pick<BoundServer, 'listener' | 'units' | 'awaits'>;

/** What a banner tells. */
export interface Served {
  title: string;
  places: readonly Place[];
  units: readonly Unit[];
  /** The address of the HTTP API. */
  api?: string | undefined;
  /** Without it, nothing moves. */
  mover?: Mover;
  /** Groups of lines on all of it, such as the faults. */
  notes?: readonly (readonly string[])[];
}

/** In characters. */
export interface Screen {
  rows: number;
  columns: number;
}

export const USUAL_SCREEN: Screen = { rows: 24, columns: 80 };

/** What `busbar serve` says once it listens: where, what, and how to try it. */
export function banner(served: Served, log: Logger, screen = USUAL_SCREEN): string {
  const { title, places, units, api, notes = [] } = served;
  return [
    log.bold(shown(title)),
    '',
    ...places.flatMap((place) => describePlace(place, units).map((line) => `  ${shown(line)}`)),
    ...(api === undefined ? [] : [`  ${api}  console and HTTP API`]),
    ...unitLines(served, log, screen),
    ...notes.flatMap(noteLines),
    ...tryIt(places, log),
    '',
    log.dim('Ctrl-C stops'),
  ].join('\n');
}

function noteLines(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines.map((line) => `  ${shown(line)}`)];
}

function describePlace({ listener, units, awaits }: Place, all: readonly Unit[]): string[] {
  const served = units.length < all.length ? [`  serves ${units.map(unitName).join(', ')}`] : [];
  const waiting = awaits === undefined ? [] : ['  waits for the port'];
  return [...describeListener(listener), ...waiting, ...served];
}

/** Of all points together, as many as a screen has room for. */
function unitLines({ units, mover = () => undefined }: Served, log: Logger, { rows, columns }: Screen): string[] {
  const counts = units.map(({ points }) => Object.keys(points).length);
  const most = shares(counts, Math.max(rows, USUAL_SCREEN.rows) - 4, LEAST_POINTS);
  return units.flatMap((unit, i) => {
    const width = columns - INDENT.length;
    const points = pointTable(unit, most[i] ?? 0, width, mover, log);
    return ['', unitTitle(unit, log), ...[...points, ...rest(unit, width)].map((line) => INDENT + line)];
  });
}

const INDENT = '    ';

/** However many units there are, a unit shows as many of its points. */
const LEAST_POINTS = 3;

function unitTitle({ id, name }: Unit, log: Logger): string {
  return `  ${log.bold(`unit ${id}`)}${name === undefined ? '' : ` ${shown(name)}`}`;
}

/** What a unit has besides its points, in lines of at most `width`. */
function rest(unit: Unit, width: number): string[] {
  const lines = [
    ...tablesOf(unit).flatMap(({ key, label }) => {
      const ranges = besidePoints(unit, key).map(({ start, count }) => formatAddresses(key, start, count));
      return labelled(label, ranges, width);
    }),
    ...labelled('files', unit.files.numbers.map(String), width),
    ...labelled('FIFO queues', unit.fifos.pointers.map(String), width),
  ];
  const hasPoints = Object.keys(unit.points).length > 0;
  if (lines.length === 0) return hasPoints ? [] : ['without data'];
  return hasPoints ? ['besides:', ...lines.map((line) => `  ${line}`)] : lines;
}

/** One memory is told once. */
function tablesOf({ shared }: Unit): readonly Pick<TableFacts, 'key' | 'label'>[] {
  return shared ? [{ key: 'holdingRegisters', label: 'shared memory' }] : TABLES;
}

const SHOWN = 4;
const LABEL_WIDTH = 19;

function labelled(label: string, items: readonly string[], width: number): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, SHOWN).map((item, i, { length }) => (i === length - 1 ? item : `${item},`));
  const left = items.length - SHOWN;
  const lines = filled([...shown, ...(left > 0 ? [`and ${left} more`] : [])], width - LABEL_WIDTH);
  return lines.map((line, i) => (i === 0 ? label : '').padEnd(LABEL_WIDTH) + line);
}

/** Puts words into as few lines as they need. */
function filled(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function tryIt(places: readonly Place[], log: Logger): string[] {
  const commands = places.flatMap(({ listener, units }) => commandsToTry(listener, units));
  return commands.length === 0
    ? []
    : ['', log.dim('Try it from another terminal:'), ...commands.map((command) => `  ${shown(command)}`)];
}

/**
 * Shares out `total` lines: everyone gets as many as wanted, if there is room, else the same as others, but never less
 * than `least` of what is wanted.
 * @param wanted by each.
 * @returns what each gets, in the same order.
 */
function shares(wanted: readonly number[], total: number, least: number): number[] {
  const given = wanted.map(() => 0);
  const bySize = [...wanted.entries()].sort(([, a], [, b]) => a - b);
  let left = total;
  for (const [i, [owner, want]] of bySize.entries()) {
    const share = Math.max(Math.floor(left / (bySize.length - i)), least);
    given[owner] = Math.min(want, share);
    left -= given[owner];
  }
  return given;
}

/** The addresses of a table that belong to no point. */
function besidePoints(unit: Unit, table: TableName): readonly Range[] {
  const { ranges } = unit[table];
  if (Object.keys(unit.points).length === 0) return ranges;
  return ranges.flatMap((range) => runs(range, (address) => unit.pointsAt(table, address, 1).length === 0));
}

/** The parts of a range in which all addresses are free. */
function runs({ start, count }: Range, isFree: (address: number) => boolean): Range[] {
  const found: { start: number; count: number }[] = [];
  for (let address = start; address < start + count; address++) {
    if (!isFree(address)) continue;
    const last = found.at(-1);
    if (last !== undefined && last.start + last.count === address) last.count++;
    else found.push({ start: address, count: 1 });
  }
  return found;
}
