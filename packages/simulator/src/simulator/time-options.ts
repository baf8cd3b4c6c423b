import { OptionsError } from 'busbar';
import { z } from 'zod';
import { parseDuration } from '../duration.js';
import { checkSettings } from '../problems.js';
import { duration, map } from '../settings.js';

export const speedSchema = z
  .number()
  .positive()
  .max(100_000)
  .meta({ title: 'Speed', description: 'How fast time goes, up to 100000; 60 is an hour in a minute. 1 by default.' });

/** The settings of time. */
export const timeSchema = map('Simulation', 'Chance and time of all behaviours.', {
  seed: z.int().meta({ title: 'Seed', description: 'The same seed gives the same values; 1 by default.' }).optional(),
  speed: speedSchema.optional(),
  tick: duration('Tick', 'The length of a step of time, from 10ms to 1h; 100ms by default.').optional(),
  date: z.iso
    .datetime({ offset: true, error: 'expected a date with its zone, such as "2026-01-31T06:30:00Z"' })
    .meta({ title: 'Date', description: 'The date at the beginning, such as 2026-01-31T06:30:00Z; now by default.' })
    .optional(),
});

/** Settings of time: the seed of all chance, how fast time goes, its steps, and the date at its beginning. */
export type SimulatorOptions = z.input<typeof timeSchema>;

/** Milliseconds. */
const [SHORTEST_TICK, LONGEST_TICK] = [10, 3_600_000];

/** Checks the settings of time. @returns them with all defaults, in milliseconds. @throws OptionsError */
export function checkTime(options: SimulatorOptions) {
  const { seed = 1, speed = 1, tick = '100ms', date } = checkSettings(timeSchema, options, []);
  const length = parseDuration(tick, ['tick']);
  if (length < SHORTEST_TICK || length > LONGEST_TICK) {
    throw new OptionsError(['tick'], `expected 10ms to 1h, found "${tick}"`);
  }
  return { seed, speed, tick: length, date: date === undefined ? Date.now() : Date.parse(date) };
}
