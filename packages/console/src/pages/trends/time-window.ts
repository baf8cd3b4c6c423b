import { type Pick, samplesOf } from '../../state/trends.js';

/** What is shown of the axis of time, in seconds since 1970. */
export interface TimeWindow {
  readonly min: number;
  readonly max: number;
}

/** Seconds that are shown at least. */
const LEAST = 1;

/** The last seconds, or all since the first sample. */
export function latest(picks: readonly Pick[], span: number): TimeWindow {
  const now = Date.now() / 1_000;
  return { min: Number.isFinite(span) ? now - span : firstOf(picks), max: now };
}

/** @param factor less than 1 shows less. @param fixed a time that stays where it is. */
export function zoomed({ min, max }: TimeWindow, factor: number, fixed: number): TimeWindow {
  return { min: fixed + (min - fixed) * factor, max: fixed + (max - fixed) * factor };
}

/** The middle of what is shown, without the time ahead of the first sample: there is nothing to see. */
export function middleOf({ min, max }: TimeWindow, picks: readonly Pick[]): number {
  return (Math.max(min, Math.min(firstOf(picks), max)) + max) / 2;
}

/** @param share of what is shown; less than 0 is earlier. */
export function moved({ min, max }: TimeWindow, share: number): TimeWindow {
  const step = (max - min) * share;
  return { min: min + step, max: max + step };
}

/** Under fingers that move, the same times stay. @param before places as shares of the width; @param after the same fingers. */
export function dragged({ min, max }: TimeWindow, before: readonly number[], after: readonly number[]): TimeWindow {
  const factor = before.length > 1 ? spread(before) / spread(after) : 1;
  const size = max - min;
  const begin = min + centre(before) * size - centre(after) * size * factor;
  return { min: begin, max: begin + size * factor };
}

function spread(places: readonly number[]): number {
  return Math.max(0.01, Math.max(...places) - Math.min(...places));
}

function centre(places: readonly number[]): number {
  return (Math.max(...places) + Math.min(...places)) / 2;
}

/** Within what there is to see: from the first sample, or the usual window, until now. */
export function limited({ min, max }: TimeWindow, picks: readonly Pick[], span: number): TimeWindow {
  const usual = latest(picks, span);
  const first = Math.min(usual.min, firstOf(picks));
  const size = between(max - min, LEAST, usual.max - first);
  const begin = between(min, first, usual.max - size);
  return { min: begin, max: begin + size };
}

function between(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

/** Seconds since 1970 of the first sample. */
function firstOf(picks: readonly Pick[]): number {
  const firsts = picks.flatMap((pick) => samplesOf(pick)?.times.slice(0, 1) ?? []);
  return Math.min(...firsts, Date.now() - 1_000) / 1_000;
}
