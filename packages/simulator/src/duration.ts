import { OptionsError } from 'busbar';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const FORM = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/;

/** Long enough for any timeline, and exact in milliseconds. */
const LONGEST = 1000 * MILLISECONDS.d;

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
  if (typeof value === 'number')
    return `expected a duration with its unit, such as "${value}s" or "${value}ms", found ${value}`;
  if (typeof value !== 'string' || !FORM.test(value)) {
    return `expected a duration such as "250ms", "1.5s", "5m", "2h" or "1d", found ${JSON.stringify(value) ?? typeof value}`;
  }
  return milliseconds(value) > LONGEST ? `expected at most "1000d", found "${value}"` : undefined;
}

function milliseconds(text: string): number {
  const [, amount = '', unit = ''] = FORM.exec(text) ?? [];
  return Number(amount) * (unit in MILLISECONDS ? MILLISECONDS[unit as keyof typeof MILLISECONDS] : Number.NaN);
}
