import { type OptionProblem, OptionsError } from 'busbar';
import { z } from 'zod';

export type Path = readonly (string | number)[];

type Issue = z.core.$ZodIssue;

/** Checks settings as a whole. @returns them. @throws OptionsError with all problems, in the order of the settings. */
export function checkSettings<T extends z.ZodType>(schema: T, value: unknown, path: Path): z.output<T> {
  const result = schema.safeParse(value, { error: worded });
  if (result.success) return result.data;
  throw problemsError(result.error.issues.flatMap((issue) => problemsOf(issue, path)));
}

/** @param problems at least one. */
function problemsError([first, ...more]: readonly OptionProblem[]): OptionsError {
  return new OptionsError(first?.path ?? [], first?.problem ?? 'expected other settings', more);
}

/** Makes something. @throws OptionsError with its paths behind this one. */
export function within<T>(path: Path, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    throw problemsError(error.problems.map((each) => ({ ...each, path: [...path, ...each.path] })));
  }
}

/** Runs several checks. @throws OptionsError with the problems of all that failed. */
export function checkTogether(checks: Iterable<() => void>): void {
  const problems = [...checks].flatMap(problemsIn);
  if (problems.length > 0) throw problemsError(problems);
}

function problemsIn(check: () => void): readonly OptionProblem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof OptionsError) return error.problems;
    throw error;
  }
}

function problemsOf(issue: Issue, before: Path): OptionProblem[] {
  const path = [...before, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], problem: issue.message }));
  const meant = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined;
  return meant?.flatMap((inner) => problemsOf(inner, path)) ?? [{ path, problem: issue.message }];
}

/** The issues of the branch that fits the value's type, if there is one. */
function meantBranch(branches: readonly Issue[][]): Issue[] | undefined {
  return branches.find(
    (issues) => issues.length > 0 && issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  );
}

/** Words the issues that no schema words itself. */
function worded(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown key${knownKeys(issue)}`;
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}, found ${show(issue.input)}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(show).join(', ')}, found ${show(issue.input)}`;
    case 'too_small':
      return `expected ${leastOf(issue)}, found ${show(issue.input)}`;
    case 'too_big':
      return `expected at most ${issue.maximum}, found ${show(issue.input)}`;
    default:
      return `expected another value than ${show(issue.input)}`;
  }
}

type TooSmall = Pick<z.core.$ZodIssueTooSmall, 'origin' | 'minimum' | 'inclusive'>;

function leastOf({ origin, minimum, inclusive }: TooSmall): string {
  if (origin === 'number') return `${inclusive ? 'at least' : 'more than'} ${minimum}`;
  return origin === 'string' ? 'a text that is not empty' : 'at least one';
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function knownKeys({ inst }: z.core.$ZodRawIssue): string {
  return inst instanceof z.ZodObject ? `; known are ${Object.keys(inst.shape).join(', ')}` : '';
}

/** Names that may be meant, as many as a message has room for. */
export function someOf(names: Iterable<string>): string {
  const all = [...names];
  const more = all.length - NAMES_SHOWN;
  return more > 0 ? `${all.slice(0, NAMES_SHOWN).join(', ')} and ${more} more` : all.join(', ') || 'none';
}

const NAMES_SHOWN = 12;

/** A value, short enough for a message. */
export function show(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string'
    ? JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
    : String(value);
}
