import { z } from 'zod';
import { checked, duration, exactlyOne, map, number } from '../settings.js';
import { value } from '../value.js';
import { type Behaviour, ends, intervals, kind, valueAt, valuesAt } from './behaviour.js';

const settings = map('Random', 'Values by chance: from one to another, around a mean, or of a list.', {
  from: number('From', 'The least value.').optional(),
  to: number('To', 'The largest value; all between are equally likely.').optional(),
  mean: number('Mean', 'The middle of a normal distribution.').optional(),
  deviation: number('Deviation', 'Standard deviation of the normal distribution.').optional(),
  of: z
    .array(value('Value', 'One of the values.'))
    .min(1)
    .meta({ title: 'Of', description: 'Values to choose from, such as labels.' })
    .optional(),
  every: duration('Every', 'How often there is a new value; 1s by default.').optional(),
});

type Settings = z.output<typeof settings>;

/** Values that do not follow from one another. */
export const random = kind(
  checked(settings, problem),
  ({ every = '1s', ...given }, { random: numbers }): Behaviour => {
    const at = intervals(every);
    const { from = 0, to = 0, mean, deviation = 0, of } = given;
    if (of !== undefined) return ({ time }) => of[Math.floor(numbers.at(at(time)) * of.length)] ?? 0;
    if (mean !== undefined) return ({ time }) => mean + deviation * numbers.normalAt(at(time));
    return ({ time }) => from + (to - from) * numbers.at(at(time));
  },
  (given) => [...ends(given), ...valueAt('mean', given.mean), ...valuesAt('of', given.of)],
);

const oneForm = exactlyOne(['to', 'mean', 'of'], 'of');

function problem(given: Settings): string | undefined {
  const pairs = [
    ['from', 'to'],
    ['mean', 'deviation'],
  ] as const;
  const alone = pairs.find(([one, other]) => (given[one] === undefined) !== (given[other] === undefined));
  if (alone !== undefined) return `expected both ${alone[0]} and ${alone[1]}, found one of them`;
  return oneForm(given);
}
