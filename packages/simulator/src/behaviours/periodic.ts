import { parseDuration } from '../duration.js';
import { duration, number } from '../settings.js';

/** The settings of everything that goes from one value to another and begins again. */
export const PERIODIC = {
  from: number('From', "Where it begins, in the point's unit."),
  to: number('To', "Where it goes, in the point's unit."),
  period: duration('Period', 'How long one round takes, such as 60s.'),
  phase: duration('Phase', 'How far into the first round it begins.', 'zero').optional(),
};

/** Makes a function of time: how far into a round, 0 <= share < 1. */
export function share(period: string, phase: string | undefined): (time: number) => number {
  const length = parseDuration(period);
  const ahead = phase === undefined ? 0 : parseDuration(phase);
  return (time) => ((time + ahead) % length) / length;
}

/** Makes a function of time: the number of intervals that have passed. */
export function intervals(every: string): (time: number) => number {
  const length = parseDuration(every);
  return (time) => Math.floor(time / length);
}
