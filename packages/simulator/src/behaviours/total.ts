import { parseDuration } from '../duration.js';
import { duration, map, number, text } from '../settings.js';
import { kind } from './behaviour.js';

const settings = map(
  'Total',
  'What another point adds up to: the energy of a power. It goes on from what is written.',
  {
    point: text('Point', 'The other point; `boiler.power` is the point power of the unit boiler.'),
    per: duration(
      'Per',
      "The time that is in the other point's unit of measure: 1h for kWh of kW. 1s by default.",
    ).optional(),
    gain: number('Gain', "What the other point's value is multiplied by; 1 by default.").optional(),
  },
);

/** An integral over another point. It goes on from what is written. */
export const total = kind(settings, ({ point, per = '1s', gain = 1 }, { numberReader }) => {
  const read = numberReader(point, ['point']);
  const rate = gain / parseDuration(per);
  let last: number | undefined;
  return ({ time, held }) => {
    const elapsed = time - (last ?? time);
    last = time;
    return held() + read() * rate * elapsed;
  };
});
