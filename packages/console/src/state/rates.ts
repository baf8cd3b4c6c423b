import { signal } from '@preact/signals';
import type { EventData } from '../api/contract.js';
import { subscribe } from '../api/live.js';

type Rates = EventData<'rates'>;

/** What is kept, in seconds. */
export const RATES_KEPT = 120;

/** The rates of the last seconds, oldest first. */
export const rates = signal<readonly Rates[]>([]);

export function startRates(): void {
  subscribe('rates', (latest) => {
    rates.value = [...rates.value.slice(1 - RATES_KEPT), latest];
  });
}

export type Rate = keyof Rates['listeners'][string];

/** One rate over time: of a listener, or of all of them. */
export function series(history: readonly Rates[], rate: Rate, listener?: string): number[] {
  return history.map(({ listeners }) => {
    const counted = listener === undefined ? Object.values(listeners) : [listeners[listener]];
    return counted.reduce((sum, each) => sum + (each?.[rate] ?? 0), 0);
  });
}
