import type UPlot from 'uplot';
import { type Pick, samplesOf } from '../../state/trends.js';
import type { TimeWindow } from './time-window.js';

/** The samples since the beginning of a window, on one axis of time; each value holds until the next. */
export function dataOf({ join }: typeof UPlot, picks: readonly Pick[], { min }: TimeWindow): UPlot.AlignedData {
  return join(picks.map((pick) => tableOf(pick, min * 1_000)));
}

function tableOf(pick: Pick, since: number): UPlot.AlignedData {
  const now = Date.now();
  const { times = [], values = [] } = samplesOf(pick) ?? {};
  const last = values.at(-1);
  if (last === undefined) return [[now / 1_000], [null]];
  // The one before the first that can be seen comes in from the left.
  const first = Math.max(0, firstSince(times, since) - 1);
  const shown = [...times.slice(first), Math.max(now, times.at(-1) ?? now)];
  return [shown.map((time) => time / 1_000), [...values.slice(first), last].map(orNull)];
}

/** uPlot leaves a gap where a value is null. */
function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The index of the first time that is not before another. */
function firstSince(times: readonly number[], since: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
