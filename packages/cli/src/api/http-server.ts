import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { boundConnections } from './connections.js';
import { ApiProblem, PROBLEM_TYPE, problemJson, problemResponse } from './problem.js';

/** What clients may cost at most. */
export interface HttpLimits {
  readonly connections: number;
  /** Milliseconds in which the headers of a request have to be there. */
  readonly headersTimeout: number;
  /** Milliseconds in which all of a request has to be there. An answer may take its time. */
  readonly requestTimeout: number;
  /** Milliseconds for which an idle connection is kept. */
  readonly keepAliveTimeout: number;
  /** Milliseconds in which a client has to read some of its answer. */
  readonly readTimeout: number;
}

export const HTTP_LIMITS: HttpLimits = {
  connections: 128,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  readTimeout: 30_000,
};

/** In bytes, of all headers of a request. */
const MAX_HEADERS = 16_384;
/** How often slow requests are looked for, at least. */
const LONGEST_CHECK = 1_000;

type Fetch = Parameters<typeof getRequestListener>[0];

/** An HTTP server whose clients can cost only so much. */
export class HttpServer {
  readonly #server: Server;

  constructor(fetch: Fetch, limits: HttpLimits = HTTP_LIMITS) {
    const { headersTimeout, requestTimeout, keepAliveTimeout, readTimeout } = limits;
    const listener = getRequestListener(fetch, { overrideGlobalObjects: false, errorHandler: answerInvalid });
    this.#server = createServer(
      {
        headersTimeout,
        requestTimeout,
        keepAliveTimeout,
        connectionsCheckingInterval: Math.min(LONGEST_CHECK, headersTimeout / 2, requestTimeout / 2),
        maxHeaderSize: MAX_HEADERS,
        insecureHTTPParser: false,
      },
      (request, response) => void (hasOneHost(request) ? listener(request, response) : answerHosts(response)),
    );
    this.#server.on('clientError', answerBroken);
    this.#server.setTimeout(readTimeout, endUnread);
    boundConnections(this.#server, limits.connections);
  }

  /** @returns the address that it got. @throws the system's error, with its code */
  async listen(host: string, port: number): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(error));
      this.#server.listen({ host, port }, resolve);
    });
    this.#server.removeAllListeners('error');
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the HTTP server has no address');
    return address;
  }

  /** Ends all connections, also those on which something is in progress: such as a feed of events, which has no end. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** What stands between the client and this server could have gone by the other one (RFC 9112, 3.2). */
function hasOneHost({ headersDistinct }: IncomingMessage): boolean {
  return headersDistinct.host?.length === 1;
}

function answerHosts(response: ServerResponse): void {
  const problem = problemJson(new ApiProblem(400, 'expected one Host header'));
  response.writeHead(problem.status, { 'Content-Type': PROBLEM_TYPE, Connection: 'close' });
  response.end(`${JSON.stringify(problem)}\n`);
}

/** A client that waits for something is silent, too: but then nothing waits for it. */
function endUnread(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

/** A request line or a Host header of which no address can be made. */
function answerInvalid(error: unknown): Response {
  return problemResponse(new ApiProblem(400, error instanceof Error ? error.message : String(error)));
}

/** Statuses of what the parser of Node.js refuses. */
const BROKEN: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: `the headers have more than ${MAX_HEADERS} bytes` },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'the request took too long to arrive' },
};

/** Milliseconds for the client to take the answer: it may still be sending, and a reset would cost it that. */
const LINGER = 500;

function answerBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  setTimeout(() => socket.destroy(), LINGER).unref();
  if (!socket.writable || error.code === 'ECONNRESET') return;
  const { status, detail } = BROKEN[error.code ?? ''] ?? { status: 400, detail: `this is not HTTP: ${error.message}` };
  const problem = problemJson(new ApiProblem(status, detail));
  const body = `${JSON.stringify(problem)}\n`;
  const headers = [
    `HTTP/1.1 ${status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
  socket.resume();
}
