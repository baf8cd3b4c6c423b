import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { fileProblem, readFile } from '../ground/files.js';
import { isLoopback } from '../ground/loopback.js';
import type { Path } from '../ground/path.js';
import { UsageError } from '../ground/usage-error.js';
import { valueAt } from './parts.js';
import type { Problem } from './problems.js';
import { HTTP_HOST, HTTP_PORT, type HttpConfig, TOKEN_FORM } from './schema-http.js';

/** Where the HTTP API is, and who may use it. */
export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Undefined: everybody on this machine may read and write. */
  readonly token: string | undefined;
  readonly readToken: string | undefined;
  /** Names of the machine, beside `localhost`. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
}

/** What is wrong with `http` beyond its schema, and with the file of its token. @param folder of the config. */
export function httpProblems(http: unknown, folder: string): Problem[] {
  if (http === undefined) return [];
  return [...tokenProblems(http, folder), ...originProblems(valueAt(http, 'origins'))];
}

function tokenProblems(http: unknown, folder: string): Problem[] {
  const [token, file, readToken, host] = ['token', 'tokenFile', 'readToken', 'host'].map((key) => valueAt(http, key));
  const path = (key: string): Path => ['http', key];
  if (token !== undefined && file !== undefined) {
    return [{ path: path('tokenFile'), message: 'give either token or tokenFile, not both' }];
  }
  if (typeof file === 'string' && file !== '') {
    const message = tokenIn(file, folder).problem;
    return message === undefined ? [] : [{ path: path('tokenFile'), message }];
  }
  if (token !== undefined) return [];
  if (readToken !== undefined) {
    return [{ path: path('readToken'), message: 'needs a token for those who may write: without one, everybody may' }];
  }
  if (typeof host !== 'string' || host === '' || isLoopback(host)) return [];
  return [
    { path: path('host'), message: `others can reach ${host}, so a token is needed; add \`token: ${newToken()}\`` },
  ];
}

/** One that nobody knows yet, for the config. */
function newToken(): string {
  return randomBytes(18).toString('base64url');
}

function tokenIn(file: string, folder: string): { readonly token?: string; readonly problem?: string } {
  try {
    const token = readFile(resolve(folder, file)).toString('utf8').trim();
    if (TOKEN_FORM.test(token)) return { token };
    return { problem: `${file} has no token: expected at least 16 letters, digits or signs, without spaces` };
  } catch (error) {
    return { problem: `${file} can't be read: ${fileProblem(error)}` };
  }
}

function originProblems(origins: unknown): Problem[] {
  return (Array.isArray(origins) ? origins : []).flatMap((origin, i) => {
    if (typeof origin !== 'string' || origin === '' || isOrigin(origin)) return [];
    return [
      { path: ['http', 'origins', i], message: `expected an origin such as https://example.com, found ${origin}` },
    ];
  });
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** The options behind a checked `http`. @param folder of the config. */
export function httpOptions(http: HttpConfig, folder: string): HttpOptions {
  const { host = HTTP_HOST, port = HTTP_PORT, tokenFile, readToken, allowedHosts = [], origins = [] } = http;
  const token = tokenFile === undefined ? http.token : tokenIn(tokenFile, folder).token;
  return { host, port, token, readToken, hosts: [host, ...allowedHosts], origins };
}

/** Used where neither the config nor the command line says more. */
export const LOCAL_HTTP: HttpOptions = httpOptions({}, '');

/** The same at the place that the command line says. @throws UsageError if it needs a token. */
export function httpAt(
  { host, port }: Pick<HttpOptions, 'host' | 'port'>,
  http: HttpOptions = LOCAL_HTTP,
): HttpOptions {
  if (http.token === undefined && !isLoopback(host)) {
    const advice = `add to the config: \`http: { token: ${newToken()} }\``;
    throw new UsageError(`--http: others can reach ${host}, so a token is needed; ${advice}`);
  }
  return { ...http, host, port, hosts: [...http.hosts, host] };
}
