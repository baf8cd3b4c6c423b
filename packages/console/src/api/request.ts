import type { Problem } from './contract.js';
import { token, tokenWanted } from './token.js';

/** Why the server did not do what was asked; the message is its own. `status` is 0 where it could not be reached. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Relative, so that the console also works behind a path of a proxy. */
const BASE = './api/v1';

export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** Asks for something of the API. @returns what its JSON holds, null without content. @throws ApiError */
export async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  const response = await open(path, { method, ...json });
  return JSON.parse((await response.text()) || 'null');
}

/** The response to a request that went well. @throws ApiError */
export async function open(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token.value !== '') headers.set('Authorization', `Bearer ${token.value}`);
  const response = await fetch(`${BASE}${path}`, { ...init, headers }).catch(unreachable);
  if (response.ok) return response;
  const error = new ApiError(response.status, await detailOf(response));
  if (response.status === 401) tokenWanted.value = token.value === '' ? '' : error.message;
  throw error;
}

function unreachable(error: unknown): never {
  if (error instanceof DOMException && error.name === 'AbortError') throw error;
  throw new ApiError(0, 'the server cannot be reached');
}

async function detailOf(response: Response): Promise<string> {
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  return problem.detail ?? `the server answered ${response.status} ${response.statusText}`;
}

/** What to show of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
