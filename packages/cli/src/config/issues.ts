import { formatPath } from 'busbar';
import { z } from 'zod';
import type { Path } from '../ground/path.js';
import { didYouMean } from '../ground/suggest.js';
import { allowed, keysOf, wrongValue } from './describe.js';
import type { Problem } from './problems.js';
import { branchFor, type Place, type Schema, stepInto } from './schema-place.js';

type Issue = z.core.$ZodIssue;

/** What issues say whose schema has no words of its own. */
const WORDLESS = '';

/** The problems that the schema finds in a config, in words. */
export function schemaProblems(config: unknown, schema: Schema): Problem[] {
  return readBy(schema, config).problems;
}

/** What a schema makes of a config, unless it finds problems. */
export function readBy<S extends Schema>(
  schema: S,
  config: unknown,
): { readonly data: z.output<S> | undefined; readonly problems: Problem[] } {
  const root: Place = { path: [], schema, value: config };
  const { data, error } = z.safeParse(schema, config, { error: () => WORDLESS });
  const problems = withoutFollowers(error?.issues ?? []).flatMap((issue) => problemsOf(issue, root));
  return { data, problems: withoutRepeats(problems) };
}

/** A map with a key that is mistyped may also lack the one that was meant; one problem is enough. */
function withoutFollowers(issues: readonly Issue[]): Issue[] {
  const mistyped = issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => formatIssuePath(path));
  return issues.filter(({ code, path }) => code !== 'custom' || !mistyped.includes(formatIssuePath(path)));
}

function formatIssuePath(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

/** A number beyond 2^53 is too big twice: for an integer, and for its maximum. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const byText = new Map(problems.map((problem) => [`${formatPath(problem.path)}: ${problem.message}`, problem]));
  return [...byText.values()];
}

function problemsOf(issue: Issue, from: Place): Problem[] {
  const here = issue.path.reduce(stepInto, from);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, here));
    case 'invalid_key':
      return [wrongKey(issue.path.slice(0, -1).reduce(stepInto, from), here.path)];
    case 'custom':
      return [{ path: here.path, message: issue.message }];
    case 'invalid_union':
      return branchProblems(issue, here);
    default:
      return [valueProblem(here, issue.message)];
  }
}

/**
 * Problems within the branch of a union that the value is meant for; if that is not clear, one with the value itself.
 */
function branchProblems({ errors: branches, message }: z.core.$ZodIssueInvalidUnion, here: Place): Problem[] {
  const isOfItsType = (issues: Issue[]) =>
    !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  const [meant, other] = branches.filter(isOfItsType);
  const isPlain = meant !== undefined && other === undefined && branches.length > 1;
  return isPlain ? meant.flatMap((issue) => problemsOf(issue, here)) : [valueProblem(here, message)];
}

/** @param words of the schema, or WORDLESS. */
function valueProblem({ path, schema, value }: Place, words: string): Problem {
  if (value !== undefined) return { path, message: words === WORDLESS ? wrongValue(value, schema) : words };
  return {
    path: path.slice(0, -1),
    missing: path.at(-1),
    message: `expected the key "${path.at(-1)}" (${allowed(schema)}), found none`,
  };
}

function unknownKey(key: string, { path, schema, value }: Place): Problem {
  const known = keysOf(branchFor(schema, value));
  const message = `unknown key; expected one of ${known.join(', ')}${didYouMean(key, known, '"')}`;
  return { path: [...path, key], atKey: true, message };
}

/** For a map that takes any number of keys of one kind. */
function wrongKey({ schema, value }: Place, path: Path): Problem {
  const branch = branchFor(schema, value);
  const kind = branch instanceof z.ZodRecord ? allowed(branch.keyType) : 'another key';
  return { path, atKey: true, message: `expected ${kind}, found "${path.at(-1)}"` };
}
