import type { z } from 'zod';
import type { Route, routes } from './contract/routes.js';

type Routes = typeof routes;
export type RouteId = keyof Routes;

type Parsed<R, Key extends keyof Route> = R extends Record<Key, infer S extends z.ZodType> ? z.output<S> : undefined;

/** What a checked request asks. */
export interface Asked<R = Route> {
  readonly params: Parsed<R, 'params'>;
  readonly query: Parsed<R, 'query'>;
  readonly body: Parsed<R, 'body'>;
  /** Whether whoever asks may also write. */
  readonly writable: boolean;
  readonly headers: Headers;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** JSON, a response that the handler has made itself, or nothing. */
type Answer<R> = R extends { readonly answer: infer S }
  ? (S extends z.ZodType ? z.output<S> : never) | Response
  : undefined;

/** Answers the requests of a route. What it throws is a problem. */
type Handler<R = Route> = (asked: Asked<R>) => Answer<R> | Promise<Answer<R>>;

/** The handlers of some routes. */
export type Handlers<Id extends RouteId = RouteId> = { readonly [Each in Id]: Handler<Routes[Each]> };
