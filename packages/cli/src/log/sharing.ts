import type { Unit } from 'busbar';
import type { SharedImage } from 'busbar/sharing';
import { amount } from '../ground/amount.js';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import type { LogEvent } from './event.js';
import type { Logger } from './logger.js';
import { describePlace } from './places.js';

/** What is shared, and where. */
export interface Shared {
  readonly image: string;
  /** Of Redis, without a password. */
  readonly place: string;
  readonly whenAway: 'refuse' | 'stale' | 'detach';
  readonly reads: 'local' | 'latest';
}

/** `values of 2 units shared as plant-a over redis://127.0.0.1:6379` */
export function describeShared({ image, place }: Shared, units: number): string {
  return `values of ${amount(units, 'unit')} shared as ${image} over ${place}`;
}

/** What clients get while Redis is away. */
const MEANWHILE = {
  refuse: 'clients get exceptions until it is back',
  stale: 'reads go on for a while, and writes get exceptions until it is back',
  detach: 'this server goes on alone, and what is written here is lost when it is back',
};

/** Logs what becomes of a shared image from now on. @param moves tells whether a unit has something to be moved. */
export function logSharing(image: SharedImage, shared: Shared, moves: (unit: Unit) => boolean, log: Logger): void {
  const { place, whenAway } = shared;
  image.on('away', ({ error }) => {
    const text = `${error.message} (${place}); ${MEANWHILE[whenAway]}`;
    log.log('error', { event: 'redisAway', text, redis: place });
  });
  image.on('back', ({ lostWrites }) => {
    const lost = lostWrites === 0 ? '' : `; ${amount(lostWrites, 'write')} of this server alone are lost`;
    log.log('info', { event: 'redisBack', text: `${place} answers again${lost}`, redis: place, lostWrites });
  });
  image.on('failed', ({ error }) => {
    const text = `${error.message} (${place}); reads go on`;
    log.log('error', { event: 'redisFailed', text, redis: place });
  });
  image.on('recovered', () => {
    log.log('info', { event: 'redisRecovered', text: `${place} takes writes again`, redis: place });
  });
  image.on('error', ({ message }) => log.log('error', { event: 'sharingError', text: message }));
  logUnits(image, moves, log);
}

function logUnits(image: SharedImage, moves: (unit: Unit) => boolean, log: Logger): void {
  const tell = (level: 'warn' | 'info' | 'debug', event: string, unit: Unit, words: string, more = {}) =>
    log.log(level, { event, text: `${unitName(unit)}: ${words}`, ...unitFacts(unit), ...more } satisfies LogEvent);
  image.on('reloaded', ({ unit, reason }) => {
    tell('warn', 'imageReloaded', unit, `all values were read from the image again: ${reason}`, { reason });
  });
  image.on('refused', ({ unit, change, error }) => {
    const words = `a change of ${describePlace(change)} by this server is not in the image, and taken back: ${error.message}`;
    tell('warn', 'changeRefused', unit, words, { ...change, code: error.code });
  });
  image.on('lead', ({ unit }) => tell(moves(unit) ? 'info' : 'debug', 'lead', unit, 'this server moves its points'));
  image.on('follow', ({ unit }) =>
    tell(moves(unit) ? 'info' : 'debug', 'follow', unit, 'another server moves its points'),
  );
}
