import type { Unit } from 'busbar';
import { shown } from '../ground/shown.js';
import { describeListener } from '../listeners/describe.js';
import type { BoundServer } from '../listeners/server.js';
import { TABLES } from '../listeners/tables.js';
import { unitName } from '../listeners/unit-name.js';
import type { Logger } from './logger.js';
import { commandsToTry } from './try-it.js';

interface Range {
  start: number;
  count: number;
}

/** A listener with the address that it got, and what it serves. */
type Place = Pick<BoundServer, 'listener' | 'units' | 'awaits'>;

/** What `busbar serve` says once it listens: where, what, and how to try it. */
export function banner(title: string, places: readonly Place[], units: readonly Unit[], log: Logger): string {
  return [
    log.bold(shown(title)),
    '',
    ...places.flatMap((place) => describePlace(place, units).map((line) => `  ${shown(line)}`)),
    ...units.flatMap((unit) => ['', ...describeUnit(unit, log)]),
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

function describeUnit(unit: Unit, log: Logger): string[] {
  const name = unit.name === undefined ? '' : ` ${shown(unit.name)}`;
  const lines = [
    ...TABLES.flatMap(({ key, label, reference }) =>
      line(label, unit[key].ranges, (each) => rangeText(each, reference)),
    ),
    ...line('files', unit.files.numbers, String),
    ...line('FIFO queues', unit.fifos.pointers, String),
  ];
  return [`  ${log.bold(`unit ${unit.id}`)}${name}`, ...(lines.length === 0 ? ['    without data'] : lines)];
}

const SHOWN = 4;

function line<T>(label: string, items: readonly T[], describe: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const left = items.length - SHOWN;
  const shown = items.slice(0, SHOWN).map(describe).join(', ');
  return [`    ${label.padEnd(18)} ${shown}${left > 0 ? ` and ${left} more` : ''}`];
}

/** `0..2 (40001..40003)`: protocol addresses, then the references of manuals, with six digits where five don't do. */
function rangeText({ start, count }: Range, reference: string): string {
  const last = start + count - 1;
  const digits = last + 1 > 9999 ? 5 : 4;
  const [from, to] = [start, last].map((address) => `${reference}${String(address + 1).padStart(digits, '0')}`);
  return count === 1 ? `${start} (${from})` : `${start}..${last} (${from}..${to})`;
}

function tryIt(places: readonly Place[], log: Logger): string[] {
  const commands = places.flatMap(({ listener, units }) => commandsToTry(listener, units));
  return commands.length === 0
    ? []
    : ['', log.dim('Try it from another terminal:'), ...commands.map((command) => `  ${shown(command)}`)];
}
