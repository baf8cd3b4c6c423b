import type { Unit } from 'busbar';
import type { Setup } from '../config/setup.js';
import { amount } from '../ground/amount.js';
import { version } from '../ground/version.js';
import { unitListed } from '../listeners/unit-name.js';
import { banner, type Screen, type Served, USUAL_SCREEN } from '../log/banner.js';
import type { LogEvent } from '../log/event.js';
import type { Logger } from '../log/logger.js';
import { moverOf } from '../log/movers.js';
import { logUnserved, logWarnings } from './warnings.js';

/** Announces what is served once the listeners listen, and warns of what may surprise. */
export function announce(setup: Setup, log: Logger, { api, notes = [] }: Pick<Served, 'api' | 'notes'>): void {
  const { units, servers, lives, config } = setup;
  const title = `Busbar ${version()} serves ${subject(setup)}`;
  const all = [timeNotes(setup), ...notes];
  const served = { title, places: servers, units, mover: moverOf(lives), api, notes: all };
  log.announce(serving(units, config), `${banner(served, log, screen())}\n`);
  logWarnings(setup, log);
  logReplaced(setup, log);
  logUnserved(setup, log);
}

/** Of the terminal; a pipe or a file has no end. */
function screen(): Screen {
  const { rows = ROWS_OF_PIPES, columns = USUAL_SCREEN.columns } = process.stdout;
  return { rows, columns };
}

const ROWS_OF_PIPES = 50;

/** What is special of the simulation's time and chance. */
function timeNotes({ simulation = {} }: Setup): string[] {
  const { seed, speed = 1, date } = simulation;
  const facts = [
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...(speed === 1 ? [] : [`time goes ${speed} times as fast`]),
    ...(date === undefined ? [] : [`from ${date} on`]),
  ];
  return facts.length === 0 ? [] : [`simulation: ${facts.join(', ')}`];
}

function subject({ config, isFound }: Setup): string {
  if (config === undefined) return 'a plain test device, as there is no --config and no busbar.yaml here';
  return isFound ? `${config} of this folder` : config;
}

function serving(units: readonly Unit[], config: string | undefined): LogEvent {
  return {
    event: 'serving',
    text: `serving ${amount(units.length, 'unit')}`,
    version: version(),
    config,
    units: units.map(unitListed),
  };
}

function logReplaced({ config, replaced }: Setup, log: Logger): void {
  if (replaced === 0) return;
  const verb = replaced === 1 ? 'is' : 'are';
  const text = `the command line has listeners, so ${amount(replaced, 'listener')} of ${config} ${verb} left out`;
  log.log('info', { event: 'listenersReplaced', text, count: replaced });
}
