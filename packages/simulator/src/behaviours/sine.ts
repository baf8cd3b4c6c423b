import { map } from '../settings.js';
import { ends, kind } from './behaviour.js';
import { PERIODIC, share } from './periodic.js';

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
