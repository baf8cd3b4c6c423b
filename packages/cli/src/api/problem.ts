import { STATUS_CODES } from 'node:http';
import type { Problem } from './contract.js';

/** What else a problem tells. */
interface More {
  /** What is allowed instead. */
  readonly allowed?: readonly string[];
  /** All that is wrong, one text each. */
  readonly problems?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Why a request is not done; the answer is problem details (RFC 9457). */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  readonly more: More;

  /** @param detail what is wrong, where, and what to do. */
  constructor(status: number, detail: string, more: More = {}) {
    super(detail);
    this.status = status;
    this.more = more;
  }
}

/** Nobody reads more. */
const LISTED = 200;

export function problemJson({ status, message, more: { allowed, problems } }: ApiProblem): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    ...(allowed && { allowed: allowed.slice(0, LISTED) }),
    ...(problems && { problems: problems.slice(0, LISTED) }),
  };
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problemResponse(problem: ApiProblem): Response {
  const { status, more } = problem;
  const headers = { 'Content-Type': PROBLEM_TYPE, ...more.headers };
  return new Response(`${JSON.stringify(problemJson(problem))}\n`, { status, headers });
}
