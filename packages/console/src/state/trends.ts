import { effect, signal } from '@preact/signals';
import type { Point, UnitKey, Value } from '../api/contract.js';
import { connection, epoch, subscribe } from '../api/live.js';
import { pointPath } from '../api/paths.js';
import { request } from '../api/request.js';
import { Samples } from './samples.js';

/** A point whose values are kept. */
export interface Pick {
  readonly unit: UnitKey;
  readonly name: string;
  readonly measure: string;
}

/** So many can be told apart. */
export const MAX_PICKS = 6;

/** Where the choice stays when the page is loaded again. The values do not: they begin anew. */
const KEY = 'busbar-trends';

/** The points whose values are kept, from the moment they were picked on, also while another page is shown. */
export const picks = signal<readonly Pick[]>(remembered());

/** Grows with each value that is kept. */
export const trendsChanged = signal(0);

const samples = new Map<string, Samples>();

export function keyOf({ unit, name }: { readonly unit: UnitKey; readonly name: string }): string {
  return `${unit}/${name}`;
}

export function samplesOf(pick: Pick): Samples | undefined {
  return samples.get(keyOf(pick));
}

function remembered(): Pick[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
  } catch {
    return [];
  }
}

export function addPick({ unit, name, measure = '' }: Point): void {
  if (picks.value.length < MAX_PICKS) picks.value = [...picks.value, { unit, name, measure }];
}

export function removePick(pick: Pick): void {
  picks.value = picks.value.filter((each) => each !== pick);
}

/** Whether a point has numbers to draw. */
export function isDrawable({ type }: Point): boolean {
  return !['string', 'raw', 'bits'].includes(type);
}

/** Keeps values from now on; while nothing is picked, it listens to nothing. */
export function startTrends(): void {
  effect(() => sessionStorage.setItem(KEY, JSON.stringify(picks.value)));
  effect(() => {
    if (connection.value === 'lost') for (const kept of samples.values()) kept.pause(Date.now());
  });
  effect(() => {
    const picked = new Set(picks.value.map(keyOf));
    for (const key of samples.keys()) if (!picked.has(key)) samples.delete(key);
    if (picked.size === 0 || epoch.value < 0) return undefined;
    // Before it is needed: then, the server may be gone.
    void import('uplot').catch(() => undefined);
    for (const pick of picks.value) void readNow(pick);
    return subscribe('change', ({ points }) => {
      for (const { unit, name, value, raw, time } of points) keep(keyOf({ unit, name }), time, numberOf(value, raw));
    });
  });
}

/** The value at the beginning, and after the connection was lost. */
async function readNow(pick: Pick): Promise<void> {
  const key = keyOf(pick);
  if (!samples.has(key)) samples.set(key, new Samples());
  const point = await request<Point>('GET', pointPath(pick.unit, pick.name)).catch(() => undefined);
  if (point !== undefined) keep(key, Date.now(), numberOf(point.value, point.raw));
}

function keep(key: string, time: number, value: number): void {
  const kept = samples.get(key);
  if (kept === undefined || !Number.isFinite(value)) return;
  kept.add(time, value);
  trendsChanged.value++;
}

/** What is drawn: of a point with labels its number, of bits 0 and 1. */
function numberOf(value: Value | null, [first = Number.NaN]: readonly number[]): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? first : number;
}
