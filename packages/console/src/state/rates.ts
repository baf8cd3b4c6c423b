import { signal } from '@preact/signals';
import type { EventData } from '../api/contract.js';
import { subscribe } from '../api/live.js';

type Rates = EventData<'rates'>;

/** What is kept, in seconds. */
export const RATES_KEPT = 120;

/** The rates of the last seconds, oldest first. The server tells them while a console is open. */
export const rates = signal<readonly Rates[]>([]);

export function startRates(): void {
  subscribe('rates', (latest) => {
    const since = latest.time - RATES_KEPT * 1_000;
    rates.value = [...rates.value.filter(({ time }) => time > since), latest];
  });
}

export type Rate = keyof Rates['listeners'][string];

/** Something over time: how much it was, and how many seconds before the last time. */
export function series(history: readonly Rates[], of: (rates: Rates) => number): { age: number; value: number }[] {
  const last = history.at(-1)?.time ?? 0;
  return history.map((each) => ({ age: (last - each.time) / 1_000, value: of(each) }));
}

/** One rate of all listeners together. */
export function totalOf(rate: Rate): (rates: Rates) => number {
  return ({ listeners }) => Object.values(listeners).reduce((sum, each) => sum + each[rate], 0);
}
