import { parseDuration } from '../duration.js';
import { duration, map, number, text } from '../settings.js';
import { kind } from './behaviour.js';

const settings = map('Follow', "Another point's value, with a lag: a tank that warms towards its set point.", {
  point: text('Point', 'The other point; `boiler.flow` is the point flow of the unit boiler.'),
  lag: duration(
    'Lag',
    'After this time 63 % of the way is gone (a time constant); without it, all at once.',
  ).optional(),
  gain: number('Gain', "What the other point's value is multiplied by; 1 by default.").optional(),
  offset: number('Offset', 'What is added then; 0 by default.').optional(),
});

/** A first-order lag behind another point. It goes on from what is written. */
export const follow = kind(settings, ({ point, lag, gain = 1, offset = 0 }, { numberReader }) => {
  const read = numberReader(point, ['point']);
  const constant = lag === undefined ? 0 : parseDuration(lag);
  let last: number | undefined;
  return ({ time, held }) => {
    const target = read() * gain + offset;
    const elapsed = time - (last ?? time);
    last = time;
    if (constant === 0) return target;
    return target + (held() - target) * Math.exp(-elapsed / constant);
  };
});
