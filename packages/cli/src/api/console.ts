import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Hono, MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { CONSOLE_FOLDER } from '../ground/package-files.js';
import { API_PATH } from './contract.js';
import type { Env } from './tokens.js';

/** Names of files in here change with their content. */
const ASSETS = '/assets/';

/** Serves the files of the console, if they have been built. */
export function serveConsole(app: Hono<Env>, folder = CONSOLE_FOLDER): void {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', ({ html }) => html(WITHOUT_CONSOLE));
    return;
  }
  // The headers for caches come first: a 304 has them, too.
  app.get('*', compress(), etag(), caching, serveStatic({ root: folder }));
}

/** All that is kept is asked for again, except for files whose names change. Not all clients take it compressed. */
const caching: MiddlewareHandler<Env> = async (context, next) => {
  await next();
  if (!context.res.ok) return;
  const isAsset = context.req.path.startsWith(ASSETS);
  context.res.headers.set('Cache-Control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
  context.res.headers.set('Vary', 'Accept-Encoding');
};

const WITHOUT_CONSOLE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Busbar</title>
<h1>Busbar</h1>
<p>The console is not part of this build: <code>npm run build</code> makes it.</p>
<p>The HTTP API is at <a href="${API_PATH}">${API_PATH}</a>; <a href="${API_PATH}/openapi.json">openapi.json</a> describes it.</p>
</html>
`;
