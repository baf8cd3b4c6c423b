import type { Unit } from 'busbar';
import { formatAddresses } from 'busbar/protocol';
import { shown } from '../ground/shown.js';
import { describeListener } from '../listeners/describe.js';
import type { BoundServer } from '../listeners/server.js';
import { TABLES } from '../listeners/tables.js';
import { unitName } from '../listeners/unit-name.js';
import type { Logger } from './logger.js';
import { commandsToTry } from './try-it.js';

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
    ...TABLES.flatMap(({ key, label }) =>
      line(label, unit[key].ranges, ({ start, count }) => formatAddresses(key, start, count)),
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

function tryIt(places: readonly Place[], log: Logger): string[] {
  const commands = places.flatMap(({ listener, units }) => commandsToTry(listener, units));
  return commands.length === 0
    ? []
    : ['', log.dim('Try it from another terminal:'), ...commands.map((command) => `  ${shown(command)}`)];
}
