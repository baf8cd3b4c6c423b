import { checked, duration, map, number } from '../settings.js';
import { ends, intervals, kind } from './behaviour.js';

const settings = map('Count', 'A counter. It goes on from what is written.', {
  by: number('By', 'What is added each time; 1 by default, negative to count down.').optional(),
  every: duration('Every', 'How often; 1s by default.').optional(),
  from: number('From', "Where it begins; the point's initial value by default.").optional(),
  to: number('To', 'After this value it begins again at `from`.').optional(),
});

/** Digits that a sum of decimals keeps, so that 0.1 added ten times is 1. */
const DIGITS = 12;

/** A counter that may wrap. */
export const count = kind(
  checked(settings, ({ from = 0, to, by = 1 }) =>
    to === undefined || (to - from) * by > 0 ? undefined : `expected to in the direction of by, found ${to}`,
  ),
  ({ by = 1, every = '1s', from, to }) => {
    const at = intervals(every);
    let last: number | undefined;
    return ({ time, held, takenUp }) => {
      const now = at(time);
      const first = last === undefined && !(takenUp && isInside(held())) ? from : undefined;
      const start = first ?? held();
      const times = now - (last ?? (first === undefined ? now : 0));
      last = now;
      return times === 0 ? start : wrapped(exactly(start + by * times));
    };

    function isInside(value: number): boolean {
      const isBehind = (value - (from ?? value)) * by >= 0;
      return isBehind && (to === undefined || (to - value) * by >= 0);
    }

    function wrapped(sum: number): number {
      if (to === undefined || (to - sum) * Math.sign(by) >= 0) return sum;
      const first = from ?? 0;
      const round = (Math.floor(exactly((to - first) / by)) + 1) * by;
      return exactly(first + ((sum - first) % round));
    }
  },
  ends,
);

function exactly(sum: number): number {
  return Number.isInteger(sum) ? sum : Number(sum.toPrecision(DIGITS));
}
