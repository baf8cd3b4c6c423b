import type { RouteId } from './handlers.js';

/** A request and its answer, as in the OpenAPI document. All of them are of one device, one after the other. */
export interface Example {
  readonly name: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: unknown;
}

export const EXAMPLES: Partial<Record<RouteId, readonly Example[]>> = {};
