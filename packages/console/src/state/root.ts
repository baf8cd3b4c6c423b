import { effect, signal } from '@preact/signals';
import type { Root } from '../api/contract.js';
import { epoch, subscribe } from '../api/live.js';
import { messageOf, request } from '../api/request.js';
import { token } from '../api/token.js';

/** What runs; undefined until it is known. */
export const root = signal<Root | undefined>(undefined);

/** Why it is not known. */
export const rootError = signal<string | undefined>(undefined);

/** Lines of the log that say how store and image are. */
const OF_LASTING = new Set([
  'storageFailed',
  'storageRecovered',
  'redisAway',
  'redisBack',
  'redisFailed',
  'redisRecovered',
  'lead',
  'follow',
]);

/** Asks what runs, now and whenever it may have changed. */
export function startRoot(): void {
  effect(() => {
    if (epoch.value >= 0 && token.value !== undefined) void readRoot();
  });
  subscribe('fault', () => void readRoot());
  subscribe('log', ({ event }) => {
    if (OF_LASTING.has(String(event))) void readRoot();
  });
  subscribe('simulation', (simulation) => {
    if (root.value !== undefined) root.value = { ...root.value, simulation };
  });
}

export async function readRoot(): Promise<void> {
  try {
    root.value = await request<Root>('GET', '');
    rootError.value = undefined;
  } catch (error) {
    rootError.value = messageOf(error);
  }
}
