import type { IncomingMessage, ServerResponse } from 'node:http';

// What is used of @hono/node-server. Its own types need those of a browser, for WebSockets.

type Fetch = (request: Request) => Response | Promise<Response>;

/** A listener of `node:http` that answers with what `fetch` returns. */
export function getRequestListener(
  fetch: Fetch,
  options?: {
    /** Whether `Request` and `Response` are replaced for the whole process. */
    readonly overrideGlobalObjects?: boolean;
    /** Answers requests of which no `Request` can be made. */
    readonly errorHandler?: (error: unknown) => Response;
  },
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
