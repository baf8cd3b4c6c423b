import { map } from '../settings.js';
import { ends, kind } from './behaviour.js';
import { PERIODIC, share } from './periodic.js';

/** A straight line there and back. */
export const triangle = kind(
  map('Triangle', 'A line from one value to another and back, again and again.', PERIODIC),
  ({ from, to, period, phase }) => {
    const shareAt = share(period, phase);
    return ({ time }) => from + (to - from) * (1 - Math.abs(2 * shareAt(time) - 1));
  },
  ends,
);
