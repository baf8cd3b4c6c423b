import { z } from 'zod';
import { kind } from './behaviour.js';

const SECOND = 1000;

/** The parts of a moment. Dates are in UTC. */
const PARTS = {
  unix: (_, date) => Math.floor(date.getTime() / SECOND),
  unixMs: (_, date) => date.getTime(),
  uptime: (time) => Math.floor(time / SECOND),
  year: (_, date) => date.getUTCFullYear(),
  month: (_, date) => date.getUTCMonth() + 1,
  day: (_, date) => date.getUTCDate(),
  weekday: (_, date) => date.getUTCDay() || 7,
  hour: (_, date) => date.getUTCHours(),
  minute: (_, date) => date.getUTCMinutes(),
  second: (_, date) => date.getUTCSeconds(),
} satisfies Record<string, (time: number, date: Date) => number>;

const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];

/** The virtual time or date. */
export const clock = kind(
  z.enum(NAMES).meta({
    title: 'Clock',
    description:
      'Seconds (unix) or milliseconds (unixMs) since 1970, seconds since the start (uptime), or a part of the date in UTC; weekday 1 is Monday.',
  }),
  (part) =>
    ({ time, date }) =>
      PARTS[part](time, new Date(date)),
);
