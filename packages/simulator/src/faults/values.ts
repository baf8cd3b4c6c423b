import { z } from 'zod';
import { durationProblem, parseDuration } from '../duration.js';
import { show } from '../problems.js';
import type { Random } from '../random.js';
import { checked } from '../settings.js';

/** Milliseconds, chosen anew each time. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const BETWEEN = '..';

/** Settings that are a duration, or a range of them: `200ms`, `200ms..800ms`. */
export function span(title: string, description: string) {
  return checked(z.string({ error: ({ input }) => spanProblem(input) }).meta({ title, description }), spanProblem);
}

function spanProblem(value: unknown): string | undefined {
  if (typeof value === 'number') return durationProblem(value);
  const problem = `expected a duration such as "200ms", or a range such as "200ms..800ms", found ${show(value)}`;
  if (typeof value !== 'string') return problem;
  const ends = value.split(BETWEEN);
  if (ends.length > 2 || ends.some((end) => durationProblem(end) !== undefined)) return problem;
  const { from, to } = parseSpan(value);
  if (to > LONGEST_PAUSE) return `expected at most 24 days, found "${value}"`;
  return from <= to ? undefined : `expected the shorter duration first, found "${value}"`;
}

/** What a timer can take. */
const LONGEST_PAUSE = 0x7fffffff;

/** @param text that {@link span} takes. */
export function parseSpan(text: string): Span {
  const [from = '', to = from] = text.split(BETWEEN);
  return { from: parseDuration(from), to: parseDuration(to) };
}

/** A whole number of milliseconds in the span. */
export function choose({ from, to }: Span, random: Random): number {
  return from === to ? from : Math.round(from + random.next() * (to - from));
}

const MOST_BYTES = 256;
const DIGITS = new RegExp(`^(?:[0-9A-Fa-f]{2} *){1,${MOST_BYTES}}$`);

/** Settings that are bytes: a number of random ones, or pairs of hexadecimal digits. */
export function bytes(title: string, description: string) {
  const error = ({ input }: { input?: unknown }) =>
    `expected a number of bytes from 1 to ${MOST_BYTES}, or pairs of hexadecimal digits such as "FF 00", found ${show(input)}`;
  const count = z.int({ error }).min(1, { error }).max(MOST_BYTES, { error });
  return z.union([count, z.string({ error }).regex(DIGITS, { error })], { error }).meta({ title, description });
}

/** @param setting that {@link bytes} takes. @returns what makes the bytes. */
export function byteMaker(setting: number | string): (random: Random) => Uint8Array {
  if (typeof setting === 'number') {
    return (random) => Uint8Array.from({ length: setting }, () => Math.floor(random.next() * 256));
  }
  const fixed = Uint8Array.from(Buffer.from(setting.replaceAll(' ', ''), 'hex'));
  return () => fixed;
}

/** Settings that are `true` for any wrong value, or the value itself. */
export function wrong(title: string, description: string, least: number, most: number) {
  const error = ({ input }: { input?: unknown }) =>
    `expected true, or a whole number from ${least} to ${most}, found ${show(input)}`;
  const value = z.int({ error }).min(least, { error }).max(most, { error });
  return z.union([z.literal(true, { error }), value], { error }).meta({ title, description });
}

/** A kind that is there or not. */
export function present(title: string, description: string) {
  return z
    .literal(true, { error: ({ input }) => `expected true, or no such key, found ${show(input)}` })
    .meta({ title, description });
}
