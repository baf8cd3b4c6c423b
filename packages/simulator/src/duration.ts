import { OptionsError } from 'busbar';

const MILLISECONDS = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** How durations are written. */
export const DURATION_FORM = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/;

/** 1000 days: enough for any timeline. */
const LONGEST = 86_400_000_000;

/**
 * Reads a duration: a number with a unit, such as `250ms`, `1.5s`, `5m`, `2h` or `1d`.
 *
 * @param path where it stands in the options.
 * @returns milliseconds, from 0 to 1000 days.
 * @throws OptionsError for anything else, plain numbers included: they don't say what they count.
 */
export function parseDuration(value: unknown, path: readonly (string | number)[] = []): number {
  const problem = durationProblem(value);
  if (problem !== undefined) throw new OptionsError(path, problem);
  return milliseconds(String(value));
}

/** What is wrong with a duration; undefined if nothing is. */
export function durationProblem(value: unknown): string | undefined {
  if (typeof value === 'number') {
    return `expected a duration with its unit, such as "${value}s" or "${value}ms", found ${value}`;
  }
  if (typeof value !== 'string' || !DURATION_FORM.test(value)) {
    return `expected a duration such as "250ms", "1.5s", "5m", "2h" or "1d", found ${JSON.stringify(value) ?? typeof value}`;
  }
  return milliseconds(value) > LONGEST ? `expected at most "1000d", found "${value}"` : undefined;
}

function milliseconds(text: string): number {
  const [, amount = '', unit = ''] = DURATION_FORM.exec(text) ?? [];
  return Number(amount) * (MILLISECONDS.get(unit) ?? Number.NaN);
}
