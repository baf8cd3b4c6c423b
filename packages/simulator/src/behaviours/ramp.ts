import { parseDuration } from '../duration.js';
import { flag, map } from '../settings.js';
import { ends, kind } from './behaviour.js';
import { PERIODIC, share } from './periodic.js';

const settings = map('Ramp', 'A line from one value to another, again and again (a sawtooth), or once.', {
  ...PERIODIC,
  once: flag('Once', 'true: it stays at `to`.').optional(),
});

/** A straight line that begins again at its end. */
export const ramp = kind(
  settings,
  ({ from, to, period, phase, once = false }) => {
    const shareAt = share(period, phase);
    const end = parseDuration(period) - parseDuration(phase ?? '0s');
    return ({ time }) => (once && time >= end ? to : from + (to - from) * shareAt(time));
  },
  ends,
);
