import { z } from 'zod';
import { map } from '../settings.js';
import { value } from '../value.js';
import { ends, kind } from './behaviour.js';
import { PERIODIC, share } from './periodic.js';

const settings = map('Square', 'One value, then another, again and again.', {
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
  settings,
  ({ from, to, period, phase, duty = 0.5 }) => {
    const shareAt = share(period, phase);
    return ({ time }) => (shareAt(time) < 1 - duty ? from : to);
  },
  ends,
);
