import type { Problem } from '../api/contract.js';
import { Failure } from '../ground/failure.js';
import { UsageError } from '../ground/usage-error.js';

/** Where the API is, and what lets one in. */
export interface Access {
  /** The address of the console, as a browser takes it; `http://` may be left out. */
  readonly url: string;
  readonly token: string | undefined;
}

/** Milliseconds for an answer of which no time was asked for. */
const PATIENCE = 30_000;

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host cannot be looked up now',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'nothing answers there',
};

/** A client of the HTTP API of `busbar serve`. All that goes wrong is a Failure. */
export class RemoteClient {
  readonly #root: URL;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ url, token }: Access) {
    this.#root = rootOf(url);
    this.#headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }

  /** @param path below `/api/v1/`, with its query. */
  get<T>(path: string): Promise<T> {
    return this.#ask('GET', path);
  }

  /** @param patience milliseconds for the answer. */
  send<T>(method: 'PUT' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object, patience?: number): Promise<T> {
    return this.#ask(method, path, body, patience);
  }

  /** An answer without an end. */
  async stream(path: string): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#fetch('GET', path);
    if (body === null) throw new Failure(`${this.#root.href} has sent nothing`);
    return body;
  }

  /** The connection of a stream was lost. */
  lost(): Failure {
    return new Failure(`${this.#root.href} has ended`);
  }

  async #ask<T>(method: string, path: string, body?: object, patience = PATIENCE): Promise<T> {
    const response = await this.#fetch(method, path, body, AbortSignal.timeout(patience));
    const text = await response.text();
    return JSON.parse(text === '' ? 'null' : text);
  }

  async #fetch(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    const response = await this.#reach(path, {
      method,
      headers: { ...this.#headers, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const type = response.headers.get('Content-Type') ?? '';
    if (!response.ok) throw await this.#failure(response, type);
    if (response.status !== 204 && !/^(application\/json|text\/event-stream)/.test(type)) throw this.#foreign();
    return response;
  }

  async #reach(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.#root), { ...init, redirect: 'error' });
    } catch (error) {
      throw new Failure(`${this.#root.origin} cannot be reached: ${reasonOf(error)}. ${START}`);
    }
  }

  async #failure(response: Response, type: string): Promise<Failure> {
    if (!type.startsWith('application/problem+json')) return this.#foreign();
    const problem: Problem = JSON.parse(await response.text());
    if (response.status !== 401) return new Failure(withAllowed(problem));
    const isGiven = 'Authorization' in this.#headers;
    return new Failure(
      isGiven
        ? `the token is wrong for ${this.#root.origin}: http.token of its config has the right one`
        : `${this.#root.origin} wants a token: give it with --token TOKEN, or in the environment as BUSBAR_TOKEN`,
    );
  }

  #foreign(): Failure {
    return new Failure(`what answers at ${this.#root.origin} is not busbar serve. ${START}`);
  }
}

const START = 'busbar serve --http 127.0.0.1:8502 starts a device with its HTTP API; --url says where another one is';

function rootOf(url: string): URL {
  const text = /^https?:\/\//i.test(url) ? url : `http://${url}`;
  if (!URL.canParse(text))
    throw new UsageError(`--url: ${url} is no address; expected one such as http://127.0.0.1:8502`);
  return new URL('/api/v1/', text);
}

/** `fetch` hides the system's error in its cause; of a name with several addresses it is one of several errors. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === 'TimeoutError') return `there was no answer in ${PATIENCE / 1000} s`;
  const [first] = cause instanceof AggregateError ? cause.errors : [cause];
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  return UNREACHABLE[code] ?? cause.message;
}

/** Nobody reads more. */
const LISTED = 20;

/** With what is allowed instead, unless the problem already has a suggestion. */
function withAllowed({ detail, allowed = [] }: Problem): string {
  if (allowed.length === 0 || detail.includes('did you mean')) return detail;
  const more = allowed.length > LISTED ? ' …' : '';
  return `${detail}; there are ${allowed.slice(0, LISTED).join(', ')}${more}`;
}
