import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { ApiProblem } from './problem.js';
import { type Env, isRead } from './tokens.js';

/** From where the API is used. */
export interface Reach {
  /** Names under which browsers may reach it, beside addresses and localhost. */
  readonly hosts: readonly string[];
  /** Origins of other web pages that may use it. */
  readonly origins: readonly string[];
}

/**
 * Refuses what other web pages make a browser send. A page can point a name of its own at this address (DNS rebinding):
 * so only known names are answered; an address cannot be pointed elsewhere.
 */
export function checkHost({ hosts }: Reach): MiddlewareHandler<Env> {
  const known = new Set(['localhost', ...hosts.map((host) => host.toLowerCase())]);
  return async ({ req }, next) => {
    const name = new URL(req.url).hostname;
    if (!isAddress(name) && !known.has(name)) {
      const detail = `this is not ${name}: use its address, or add the name to http.allowedHosts of the config`;
      throw new ApiProblem(421, detail, { allowed: [...known] });
    }
    await next();
  };
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) > 0;
}

/** Refuses requests of other pages than those in the list. */
export function checkOrigin({ origins }: Reach): MiddlewareHandler<Env> {
  return async ({ req }, next) => {
    const origin = req.header('Origin');
    const isListed = origin !== undefined && origins.includes(origin);
    if (!isListed && isForeign(origin, req.url, req.method, req.header('Sec-Fetch-Site'))) {
      const from = origin ?? 'another page';
      throw new ApiProblem(403, `requests from ${from} are refused: http.origins of the config has those allowed`);
    }
    await next();
  };
}

/** A link from another page may lead here; nothing else of it may. */
function isForeign(origin: string | undefined, url: string, method: string, site: string | undefined): boolean {
  if (origin === undefined) return !isRead(method) && (site === 'cross-site' || site === 'same-site');
  return !URL.canParse(origin) || new URL(origin).host !== new URL(url).host;
}
