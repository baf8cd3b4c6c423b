import { z } from 'zod';
import { checked, duration, exactlyOne, flag, map, number } from '../settings.js';
import { KINDS } from './kinds.js';

const { constant, ramp, triangle, sine, square, random, walk, count, toggle, clock, replay, follow, total, formula } =
  KINDS;

const oneKind = exactlyOne(Object.keys(KINDS), 'kind of behaviour');

function limitsProblem({ min, max }: { readonly min?: number | undefined; readonly max?: number | undefined }) {
  return min === undefined || max === undefined || min <= max
    ? undefined
    : `expected min up to max, found ${min} and ${max}`;
}

/** How the value of a point moves. All values are in the point's own unit, after scaling. */
export const simulateSchema = checked(
  map('Behaviour', 'How the value moves: one kind of behaviour, and what holds for any.', {
    constant: constant.settings.optional(),
    ramp: ramp.settings.optional(),
    triangle: triangle.settings.optional(),
    sine: sine.settings.optional(),
    square: square.settings.optional(),
    random: random.settings.optional(),
    walk: walk.settings.optional(),
    count: count.settings.optional(),
    toggle: toggle.settings.optional(),
    clock: clock.settings.optional(),
    replay: replay.settings.optional(),
    follow: follow.settings.optional(),
    total: total.settings.optional(),
    formula: formula.settings.optional(),
    noise: z
      .number()
      .min(0)
      .meta({ title: 'Noise', description: 'A random part, up to this much more or less.' })
      .optional(),
    min: number('Least value', 'What comes out lower is raised to this.').optional(),
    max: number('Largest value', 'What comes out higher is lowered to this.').optional(),
    every: duration('Every', 'How often the point gets a new value; at each tick by default.').optional(),
    active: flag('Active', 'false: it stands still until a reaction or scenario starts it.').optional(),
  }),
  (given) => oneKind(given) ?? limitsProblem(given),
);

/** The behaviour of a point, as in `simulate: { sine: { from: 60, to: 70, period: '5m' }, noise: 0.2 }`. */
export type Simulate = z.input<typeof simulateSchema>;
