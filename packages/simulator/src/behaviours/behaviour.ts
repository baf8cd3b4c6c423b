import type { z } from 'zod';
import { parseDuration } from '../duration.js';
import type { Path } from '../problems.js';
import type { Random } from '../random.js';
import type { Value } from '../value.js';

/** When a behaviour is asked for a value. All times are virtual. */
interface Moment {
  /** Milliseconds that the behaviour has run. */
  readonly time: number;
  /** Milliseconds since 1970. */
  readonly date: number;
  /** What the point holds as a number: the behaviour's last value, unless somebody else wrote the point since then. */
  held(): number;
  /** Whether the point held a value to go on from when the behaviour began: of an earlier run, or of another server. */
  readonly takenUp: boolean;
}

/** Gives the value of a point. It is asked in the order of time, though not for every moment. */
export type Behaviour = (moment: Moment) => Value;

/** Values over time. */
export interface Series {
  /** Milliseconds from the first value on, ascending. */
  readonly times: readonly number[];
  readonly values: readonly Value[];
}

/** What a behaviour may use besides its settings. */
export interface Surroundings {
  /** Random numbers of this point alone. */
  readonly random: Random;
  /** Makes the reader of another point's value. @param path of the name. @throws OptionsError if there is none. */
  readonly reader: (name: string, path?: Path) => () => Value;
  /** The same for its value as a number: labels and bits stand for one. */
  readonly numberReader: (name: string, path?: Path) => () => number;
  /** Recorded values. @throws OptionsError if they can't be read. */
  readonly series: (file: string, column: string | undefined) => Series;
}

/** A value among settings, with its path from them. */
export type ValueAt = readonly [path: Path, value: Value];

/** A kind of behaviour: its settings, and how it is made of them. */
export interface Kind<Settings extends z.ZodType = z.ZodType> {
  readonly settings: Settings;
  /** @throws OptionsError with paths from the settings. */
  create(settings: unknown, surroundings: Surroundings): Behaviour;
  /** The settings that become values of the point. */
  values(settings: unknown): readonly ValueAt[];
}

export function kind<Settings extends z.ZodType>(
  settings: Settings,
  create: (settings: z.output<Settings>, surroundings: Surroundings) => Behaviour,
  values: (settings: z.output<Settings>) => readonly ValueAt[] = () => [],
): Kind<Settings> {
  return {
    settings,
    create: (given, surroundings) => create(settings.parse(given), surroundings),
    values: (given) => values(settings.parse(given)),
  };
}

/** The ends of a behaviour, as far as it has them. */
export function ends({ from, to }: { readonly from?: Value | undefined; readonly to?: Value | undefined }): ValueAt[] {
  return [...valueAt('from', from), ...valueAt('to', to)];
}

/** One value of settings, if it is given. */
export function valueAt(key: string, value: Value | undefined): ValueAt[] {
  return value === undefined ? [] : [[[key], value]];
}

/** A list of values in settings. */
export function valuesAt(key: string, values: readonly Value[] = []): ValueAt[] {
  return values.map((value, i) => [[key, i], value]);
}

/** Makes a function of time: the number of intervals that have passed. */
export function intervals(every: string): (time: number) => number {
  const length = parseDuration(every);
  return (time) => Math.floor(time / length);
}
