import { z } from 'zod';
import { duration, map } from '../settings.js';
import { value } from '../value.js';
import { intervals, kind, valuesAt } from './behaviour.js';

const settings = map('Toggle', 'Off and on by turns.', {
  every: duration('Every', 'How long it stays the same.'),
  between: z
    .tuple([value('First', 'The first value.'), value('Second', 'The second value.')])
    .meta({ title: 'Between', description: 'Two values in place of false and true, such as labels.' })
    .optional(),
});

/** Two values by turns, of the same length. */
export const toggle = kind(
  settings,
  ({ every, between = [false, true] }) => {
    const at = intervals(every);
    return ({ time }) => between[at(time) % 2 === 0 ? 0 : 1];
  },
  ({ between }) => valuesAt('between', between),
);
