import { z } from 'zod';
import { parseDuration } from '../duration.js';
import { duration, flag, map, number } from '../settings.js';
import { value } from '../value.js';
import { ends, kind } from './behaviour.js';

/** The settings of everything that goes from one value to another and begins again. */
const PERIODIC = {
  from: number('From', "Where it begins, in the point's unit."),
  to: number('To', "Where it goes, in the point's unit."),
  period: duration('Period', 'How long one round takes, such as 60s.'),
  phase: duration('Phase', 'How far into the first round it begins.', 'zero').optional(),
};

/** Makes a function of time: how far into a round, 0 <= share < 1. */
function share(period: string, phase: string | undefined): (time: number) => number {
  const length = parseDuration(period);
  const ahead = phase === undefined ? 0 : parseDuration(phase);
  return (time) => ((time + ahead) % length) / length;
}

const rampSettings = map('Ramp', 'A line from one value to another, again and again (a sawtooth), or once.', {
  ...PERIODIC,
  once: flag('Once', 'true: it stays at `to`.').optional(),
});

/** A straight line that begins again at its end. */
export const ramp = kind(
  rampSettings,
  ({ from, to, period, phase, once = false }) => {
    const shareAt = share(period, phase);
    const end = parseDuration(period) - parseDuration(phase ?? '0s');
    return ({ time }) => (once && time >= end ? to : from + (to - from) * shareAt(time));
  },
  ends,
);

/** A straight line there and back. */
export const triangle = kind(
  map('Triangle', 'A line from one value to another and back, again and again.', PERIODIC),
  ({ from, to, period, phase }) => {
    const shareAt = share(period, phase);
    return ({ time }) => from + (to - from) * (1 - Math.abs(2 * shareAt(time) - 1));
  },
  ends,
);

/** A wave that begins in the middle, towards `to`. */
export const sine = kind(
  map('Sine', 'A wave between two values. It begins in the middle.', PERIODIC),
  ({ from, to, period, phase }) => {
    const shareAt = share(period, phase);
    const [middle, height] = [(from + to) / 2, (to - from) / 2];
    return ({ time }) => middle + height * Math.sin(2 * Math.PI * shareAt(time));
  },
  ends,
);

const squareSettings = map('Square', 'One value, then another, again and again.', {
  ...PERIODIC,
  from: value('From', 'The first value of a round: a number, a label, or true or false.'),
  to: value('To', 'The second value.'),
  duty: z
    .number()
    .min(0)
    .max(1)
    .meta({ title: 'Duty', description: 'The share of a round that has the second value; 0.5 by default.' })
    .optional(),
});

/** Two values by turns. */
export const square = kind(
  squareSettings,
  ({ from, to, period, phase, duty = 0.5 }) => {
    const shareAt = share(period, phase);
    return ({ time }) => (shareAt(time) < 1 - duty ? from : to);
  },
  ends,
);
