import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { ApiProblem } from './problem.js';

/** What a request may do. */
type Grant = 'read' | 'write';

/** What the middleware finds out about a request. */
export interface Env {
  Variables: { grant: Grant };
}

export interface Tokens {
  /** Undefined: everybody may write. */
  readonly token: string | undefined;
  /** For those who may only read. */
  readonly readToken: string | undefined;
}

/** Lets in who has a token, if there is one. */
export function authenticate(tokens: Tokens): MiddlewareHandler<Env> {
  return async (context, next) => {
    const grant = grantOf(context.req.header('Authorization'), tokens);
    if (grant === undefined) throw unauthorized(context.req.header('Authorization'));
    if (grant === 'read' && !isRead(context.req.method)) throw new ApiProblem(403, 'this token may only read');
    context.set('grant', grant);
    await next();
  };
}

export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

function grantOf(header: string | undefined, { token, readToken }: Tokens): Grant | undefined {
  if (token === undefined) return 'write';
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? '';
  // Both are compared, so that the time tells nothing about either.
  const [mayWrite, mayRead] = [isSame(given, token), readToken !== undefined && isSame(given, readToken)];
  if (mayWrite) return 'write';
  return mayRead ? 'read' : undefined;
}

/** Takes as long for every text of a length. */
function isSame(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unauthorized(header: string | undefined): ApiProblem {
  const detail =
    header === undefined
      ? 'a token is needed: send the header "Authorization: Bearer TOKEN", with http.token of the config'
      : 'the token is not that of the config (http.token)';
  return new ApiProblem(401, detail, { headers: { 'WWW-Authenticate': 'Bearer realm="busbar"' } });
}
