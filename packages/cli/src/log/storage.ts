import type { DroppedEvent, Storage } from 'busbar/storage';
import { amount } from '../ground/amount.js';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import type { Logger } from './logger.js';
import { describePlace } from './places.js';

/** How values are kept. */
export interface Kept {
  /** The folder, as people have written it. */
  readonly folder: string;
  readonly mode: 'durable' | 'interval';
  /** How many values the units have got back when they were taken in. */
  readonly restored: number;
}

/** `values of 2 units kept in ./state, durable; 1,204 values restored` */
export function describeKept({ folder, mode, units, restored }: Kept & { readonly units: number }): string {
  const count = restored.toLocaleString('en-US');
  const had = restored === 0 ? 'none restored' : `${count} ${restored === 1 ? 'value' : 'values'} restored`;
  return `values of ${amount(units, 'unit')} kept in ${folder}, ${MODES[mode]}; ${had}`;
}

const MODES = { durable: 'durable', interval: 'at intervals' };

/** Logs what becomes of a store from now on. */
export function logStorage(storage: Storage, { folder, mode }: Kept, log: Logger): void {
  const effect = mode === 'durable' ? 'clients may not write until it works again' : 'it is tried again';
  storage.on('failed', ({ error }) => {
    const text = `values are not kept any more: ${error.message}; ${effect}`;
    log.log('error', { event: 'storageFailed', text, folder, code: error.code });
  });
  storage.on('recovered', () => {
    log.log('info', { event: 'storageRecovered', text: `values are kept in ${folder} again`, folder });
  });
  storage.on('error', ({ message }) => log.log('error', { event: 'storageError', text: message }));
}

/** Logs that something was kept, and has no place any more. */
export function logDropped({ unit, ...place }: DroppedEvent, log: Logger): void {
  const text = `${unitName(unit)}: what was kept of ${describePlace(place)} is forgotten, as the unit has it no more`;
  log.log('warn', { event: 'dropped', text, ...unitFacts(unit), ...place });
}
