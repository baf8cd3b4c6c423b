import { DataError, OptionsError } from 'busbar';
import type { Context } from 'hono';
import { z } from 'zod';
import { checked, checkedBody, optionsProblem } from './checked.js';
import { API_PATH, type Route } from './contract.js';
import type { Asked } from './handlers.js';
import { ApiProblem } from './problem.js';
import type { Bodies } from './read-body.js';
import { dataProblem } from './tables.js';
import type { Env } from './tokens.js';

/** A handler of any route: what the schemas of the route have let pass, it takes. */
export type AnyHandler = (asked: AnyAsked) => unknown;

interface AnyAsked extends Pick<Asked, 'writable' | 'headers' | 'signal'> {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** The path as hono has it. */
export function honoPath({ path }: Route): string {
  return `${API_PATH}${path === '/' ? '' : path}`.replace(/\{(\w+)\}/g, ':$1');
}

/** Checks a request by the schemas of its route, and answers it. @throws ApiProblem */
export async function serveRoute(
  route: Route,
  handle: AnyHandler,
  bodies: Bodies,
  context: Context<Env>,
): Promise<Response> {
  const { req } = context;
  const asked = {
    params: route.params && checked(route.params, req.param(), 404),
    query: checked(route.query ?? NO_QUERY, queryOf(req.queries())),
    body: route.body && (await checkedBody(route.body, await bodies.readJson(req.raw, route.maxBody))),
    writable: context.get('grant') === 'write',
    headers: req.raw.headers,
    signal: req.raw.signal,
  };
  const response = answered(route, await handled(handle, asked));
  // Nobody reads it: what it holds is let go.
  if (req.method === 'HEAD') await response.body?.cancel();
  return response;
}

const NO_QUERY = z.strictObject({});

async function handled(handle: AnyHandler, asked: AnyAsked): Promise<unknown> {
  try {
    return await handle(asked);
  } catch (error) {
    if (error instanceof DataError) throw dataProblem(error);
    if (error instanceof OptionsError) throw optionsProblem(error);
    throw error;
  }
}

function queryOf(queries: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(queries).map(([key, values]) => {
      const [value = ''] = values;
      if (values.length > 1) throw new ApiProblem(400, `${key}: expected it once, found it ${values.length} times`);
      return [key, value];
    }),
  );
}

function answered({ status = 200, answer }: Route, result: unknown): Response {
  if (result instanceof Response) return result;
  if (answer === undefined) return new Response(null, { status });
  return new Response(`${JSON.stringify(result)}\n`, { status, headers: { 'Content-Type': 'application/json' } });
}
