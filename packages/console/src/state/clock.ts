import { signal } from '@preact/signals';

/** The time, once a second: for ages that are shown. */
export const now = signal(Date.now());

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now();
  }, 1_000);
}
