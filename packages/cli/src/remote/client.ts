import type { Problem } from '../api/contract.js';
import { Failure } from '../ground/failure.js';
import { UsageError } from '../ground/usage-error.js';
import { Away } from './away.js';

/** Where the API is, and what lets one in. */
export interface Access {
  /** The address of the console, as a browser takes it; `http://` may be left out. */
  readonly url: string;
  readonly token: string | undefined;
}

/** Milliseconds for an answer. */
const PATIENCE = 30_000;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host cannot be looked up now',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'nothing answers there',
  UND_ERR_SOCKET: 'the connection was cut',
};

/** What a device that ends, or has not started yet, leads to. */
const AWAY: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** A client of the HTTP API of `busbar serve`. All that goes wrong is a Failure. */
export class RemoteClient {
  readonly #access: Access;
  readonly #root: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #patience: number;

  /** @param patience milliseconds for each answer. */
  constructor(access: Access, patience: number = PATIENCE) {
    const { url, token } = access;
    this.#access = access;
    this.#root = rootOf(url);
    this.#headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    this.#patience = patience;
  }

  /** The same, with another patience. */
  withPatience(patience: number): RemoteClient {
    return new RemoteClient(this.#access, patience);
  }

  /** @param path below `/api/v1/`, with its query. */
  get<T>(path: string): Promise<T> {
    return this.#ask('GET', path);
  }

  send<T>(method: 'PUT' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> {
    return this.#ask(method, path, body);
  }

  /** An answer without an end. @param lastId of the event after which it goes on. */
  async stream(path: string, lastId?: string): Promise<AsyncIterable<Uint8Array>> {
    const headers: Record<string, string> = lastId === undefined ? {} : { 'Last-Event-ID': lastId };
    const { body } = await this.#fetch('GET', path, { headers });
    if (body === null) throw new Failure(`${this.origin} has sent nothing`);
    // Locked at once: fetch cancels the body of a response that is collected while nobody reads.
    return body.values();
  }

  /** What is asked, for messages: `http://127.0.0.1:8502`. */
  get origin(): string {
    return this.#root.origin;
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const json = body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const response = await this.#fetch(method, path, { ...json, signal: AbortSignal.timeout(this.#patience) });
    const text = await this.#reached(response.text());
    return JSON.parse(text === '' ? 'null' : text);
  }

  async #fetch(method: string, path: string, init: RequestInit): Promise<Response> {
    const headers = { ...this.#headers, ...init.headers };
    const response = await this.#reached(
      fetch(new URL(path, this.#root), { ...init, method, headers, redirect: 'error' }),
    );
    const type = response.headers.get('Content-Type') ?? '';
    if (!response.ok) throw await this.#failure(response, type);
    if (response.status !== 204 && !/^(application\/json|text\/event-stream)/.test(type)) throw this.#foreign();
    return response;
  }

  async #reached<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const { code, reason } = reasonOf(error, this.#patience);
      const text = `${this.origin} cannot be reached: ${reason}. ${START}`;
      throw AWAY.has(code) ? new Away(text) : new Failure(text);
    }
  }

  async #failure(response: Response, type: string): Promise<Failure> {
    if (!type.startsWith('application/problem+json')) return this.#foreign();
    const problem: Problem = JSON.parse(await this.#reached(response.text()));
    if (response.status !== 401) return new Failure(withAllowed(problem));
    const isGiven = 'Authorization' in this.#headers;
    return new Failure(
      isGiven
        ? `the token is wrong for ${this.origin}: http.token of its config has the right one`
        : `${this.origin} wants a token: give it with --token TOKEN, or in the environment as BUSBAR_TOKEN`,
    );
  }

  #foreign(): Failure {
    return new Failure(`what answers at ${this.origin} is not busbar serve. ${START}`);
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
function reasonOf(error: unknown, patience: number): { code: string; reason: string } {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return { code: '', reason: String(cause) };
  if (cause.name === 'TimeoutError')
    return { code: '', reason: `there was no answer in ${Math.round(patience / 1000)} s` };
  const [first] = cause instanceof AggregateError ? cause.errors : [cause];
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  return { code, reason: REASONS[code] ?? cause.message };
}

/** Nobody reads more. */
const LISTED = 20;

/** With what is allowed instead, unless the problem already has a suggestion. */
function withAllowed({ detail, allowed = [] }: Problem): string {
  if (allowed.length === 0 || detail.includes('did you mean')) return detail;
  const more = allowed.length > LISTED ? ' …' : '';
  return `${detail}; there are ${allowed.slice(0, LISTED).join(', ')}${more}`;
}
