import { checked, duration, map, number } from '../settings.js';
import { ends, intervals, kind } from './behaviour.js';

const settings = map('Walk', 'Random steps from where it is, between two values.', {
  from: number('From', 'The least value.'),
  to: number('To', 'The largest value.'),
  step: number('Step', 'The longest step, up or down.'),
  every: duration('Every', 'How often it takes a step; 1s by default.').optional(),
});

/** A random walk. It turns back at its ends, and goes on from what is written. */
export const walk = kind(
  checked(settings, ({ from, to }) => (from < to ? undefined : `expected from below to, found ${from} and ${to}`)),
  ({ from, to, step, every = '1s' }, { random }) => {
    const at = intervals(every);
    let last: number | undefined;
    return ({ time, held }) => {
      const now = at(time);
      let place = last === undefined ? startOf(held()) : held();
      for (let i = last ?? now; i < now; i++) place = reflected(place + step * (2 * random.at(i) - 1));
      last = now;
      return place;
    };

    function startOf(held: number): number {
      return held >= from && held <= to ? held : (from + to) / 2;
    }

    function reflected(place: number): number {
      const inside = place < from ? 2 * from - place : place > to ? 2 * to - place : place;
      return Math.min(to, Math.max(from, inside));
    }
  },
  ends,
);
