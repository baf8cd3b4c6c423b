import { STATUS_CODES } from 'node:http';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { serveConsole } from './console.js';
import { API_PATH, type Route, routes } from './contract.js';
import type { Handlers } from './handlers.js';
import { checkHost, checkOrigin, type Reach } from './origins.js';
import { ApiProblem, problemResponse } from './problem.js';
import { Bodies } from './read-body.js';
import { type AnyHandler, honoPath, serveRoute } from './serve-route.js';
import { authenticate, type Env, type Tokens } from './tokens.js';

/** Who may use the API, and from where. */
export interface Access extends Tokens, Reach {
  /** The folder of the console. */
  readonly consoleFolder?: string | undefined;
}

/** Scripts and styles are files of the console; nothing comes from elsewhere, and no other page shows it in a frame. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/**
 * The API and the console. @param probes what is served beside them. @param failed is told of faults of ours, which the
 * client only gets as status 500.
 */
export function createApp(
  handlers: Handlers,
  probes: Hono<Env>,
  access: Access,
  failed: (error: unknown) => void,
): Hono<Env> {
  const app = new Hono<Env>({ strict: false });
  app.use(
    secureHeaders({
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      strictTransportSecurity: false,
      xFrameOptions: 'DENY',
    }),
  );
  app.use(checkHost(access), checkOrigin(access));
  if (access.origins.length > 0) app.use(allowOrigins(access.origins));
  app.use(`${API_PATH}/*`, noStore, authenticate(access));
  serveRoutes(app, handlers);
  app.all(`${API_PATH}/*`, ({ req }) => {
    throw new ApiProblem(404, `there is no ${req.path}: see ${API_PATH}/openapi.json`);
  });
  app.route('/', probes);
  serveConsole(app, access.consoleFolder);
  app.notFound(({ req }) => problemResponse(new ApiProblem(404, `there is no ${req.path}`)));
  app.onError((error) => problemResponse(problemOf(error, failed)));
  return app;
}

function allowOrigins(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID'],
    maxAge: 600,
  });
}

async function noStore(context: Context, next: () => Promise<void>): Promise<void> {
  await next();
  context.res.headers.set('Cache-Control', 'no-store');
}

/** Path by path, in the order of the contract: what it does not have for a path, is no method of it. */
function serveRoutes(app: Hono<Env>, handlers: Handlers): void {
  const bodies = new Bodies();
  const entries = Object.entries<Route>(routes).map(([id, route]) => ({
    route,
    handle: Reflect.get(handlers, id) as AnyHandler,
  }));
  for (const path of new Set(entries.map(({ route }) => honoPath(route)))) {
    const ofPath = entries.filter(({ route }) => honoPath(route) === path);
    for (const { route, handle } of ofPath) {
      app.on(route.method.toUpperCase(), path, (context) => serveRoute(route, handle, bodies, context));
    }
    app.all(path, ({ req }) => {
      const allowed = ofPath.map(({ route }) => route.method.toUpperCase());
      throw new ApiProblem(405, `${req.method} is not for ${req.path}`, {
        allowed,
        headers: { Allow: allowed.join(', ') },
      });
    });
  }
}

function problemOf(error: unknown, failed: (error: unknown) => void): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof HTTPException) {
    return new ApiProblem(error.status, error.message || (STATUS_CODES[error.status] ?? ''));
  }
  failed(error);
  return new ApiProblem(500, 'this is a fault of Busbar itself, please report it; the log has more');
}
