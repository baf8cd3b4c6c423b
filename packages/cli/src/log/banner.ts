import type { Unit } from 'busbar';
import { formatAddresses } from 'busbar/protocol';
import { shown } from '../ground/shown.js';
import { describeListener } from '../listeners/describe.js';
import type { BoundServer } from '../listeners/server.js';
import { TABLES } from '../listeners/tables.js';
import { unitName } from '../listeners/unit-name.js';
import { besidePoints } from './beside-points.js';
import type { Logger } from './logger.js';
import { type Mover, pointTable } from './point-table.js';
import { shares } from './shares.js';
import { commandsToTry } from './try-it.js';

/** A listener with the address that it got, and what it serves. */
type Place = Pick<BoundServer, 'listener' | 'units' | 'awaits'>;

/** What a banner tells. */
export interface Served {
  title: string;
  places: readonly Place[];
  units: readonly Unit[];
  /** Without it, nothing moves. */
  mover?: Mover;
  /** Lines on all of it, such as the faults. */
  notes?: readonly string[];
}

/** In characters. */
export interface Screen {
  rows: number;
  columns: number;
}

export const USUAL_SCREEN: Screen = { rows: 24, columns: 80 };

/** What `busbar serve` says once it listens: where, what, and how to try it. */
export function banner(served: Served, log: Logger, screen = USUAL_SCREEN): string {
  const { title, places, units, notes = [] } = served;
  return [
    log.bold(shown(title)),
    '',
    ...places.flatMap((place) => describePlace(place, units).map((line) => `  ${shown(line)}`)),
    ...unitLines(served, log, screen),
    ...(notes.length === 0 ? [] : ['', ...notes.map((line) => `  ${shown(line)}`)]),
    ...tryIt(places, log),
    '',
    log.dim('Ctrl-C stops'),
  ].join('\n');
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
    const points = pointTable(unit, most[i] ?? 0, columns - INDENT.length, mover, log);
    return ['', unitTitle(unit, log), ...[...points, ...rest(unit)].map((line) => INDENT + line)];
  });
}

const INDENT = '    ';

/** However many units there are, a unit shows as many of its points. */
const LEAST_POINTS = 3;

function unitTitle({ id, name }: Unit, log: Logger): string {
  return `  ${log.bold(`unit ${id}`)}${name === undefined ? '' : ` ${shown(name)}`}`;
}

/** What a unit has besides its points. */
function rest(unit: Unit): string[] {
  const lines = [
    ...TABLES.flatMap(({ key, label }) =>
      line(label, besidePoints(unit, key), ({ start, count }) => formatAddresses(key, start, count)),
    ),
    ...line('files', unit.files.numbers, String),
    ...line('FIFO queues', unit.fifos.pointers, String),
  ];
  const isEmpty = lines.length === 0 && Object.keys(unit.points).length === 0;
  return isEmpty ? ['without data'] : lines;
}

const SHOWN = 4;

function line<T>(label: string, items: readonly T[], describe: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const left = items.length - SHOWN;
  const shown = items.slice(0, SHOWN).map(describe).join(', ');
  return [`${label.padEnd(18)} ${shown}${left > 0 ? ` and ${left} more` : ''}`];
}

function tryIt(places: readonly Place[], log: Logger): string[] {
  const commands = places.flatMap(({ listener, units }) => commandsToTry(listener, units));
  return commands.length === 0
    ? []
    : ['', log.dim('Try it from another terminal:'), ...commands.map((command) => `  ${shown(command)}`)];
}
