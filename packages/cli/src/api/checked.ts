import { formatPath, type OptionsError } from 'busbar';
import type { z } from 'zod';
import { schemaProblems } from '../config/issues.js';
import type { Problem } from '../config/problems.js';
import { ApiProblem } from './problem.js';
import { atOnce, inTurns } from './turns.js';
import { type WrongPart, wrongParts } from './wrong-parts.js';

/** What a schema makes of a small part of a request. @throws ApiProblem with what is wrong: of each list, the first item. */
export function checked<T extends z.ZodType>(schema: T, value: unknown, status = 400): z.output<T> {
  refuse(atOnce(wrongParts(schema, value)), status);
  return schema.parse(value);
}

/** A body, if its schema has nothing against it. It may be large; the schema of a body changes nothing. @throws ApiProblem */
export async function checkedBody<T extends z.ZodType>(schema: T, value: unknown): Promise<z.output<T>> {
  refuse(await inTurns(wrongParts(schema, value)), 400);
  return value as z.output<T>;
}

function refuse(parts: readonly WrongPart[], status: number): void {
  if (parts.length > 0) throw listed(status, parts.flatMap(problemsOf));
}

function problemsOf({ path, schema, value }: WrongPart): Problem[] {
  return schemaProblems(value, schema).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

/** What the library or the simulator refuses. */
export function optionsProblem({ problems }: OptionsError): ApiProblem {
  return listed(
    422,
    problems.map(({ path, problem }) => ({ path, message: problem })),
  );
}

/** Problems with parts of a request. */
export function listed(status: number, problems: readonly Problem[]): ApiProblem {
  const texts = problemTexts(problems);
  return new ApiProblem(status, texts.join('; '), { problems: texts });
}

export function problemTexts(problems: readonly Problem[]): string[] {
  return problems.map(({ path, message }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`));
}
