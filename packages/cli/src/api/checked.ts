import { formatPath, type OptionsError } from 'busbar';
import type { z } from 'zod';
import { schemaProblems } from '../config/issues.js';
import type { Problem } from '../config/problems.js';
import { cut } from './cut.js';
import { ApiProblem } from './problem.js';

/** What a schema makes of a part of a request. @throws ApiProblem with what is wrong: of each list, the first item. */
export function checked<T extends z.ZodType>(schema: T, value: unknown, status = 400): z.output<T> {
  const part = cut(schema, value).value;
  const result = schema.safeParse(part);
  if (result.success) return result.data;
  throw listed(status, schemaProblems(part, schema));
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
  const texts = problems.map(({ path, message }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`));
  return new ApiProblem(status, texts.join('; '), { problems: texts });
}
