import type { Peer } from '../peer.js';

/** What a user's handler gets to know about its request. Programs see it as `RequestContext`, with the whole `Unit`. */
export interface Context {
  readonly unit: { readonly id: number };
  /** Unit id in the request; 0 or 255 may lead to the default unit. */
  readonly unitId: number;
  readonly functionCode: number;
  readonly peer: Peer;
}

/** A request while it is served. */
export interface ServedRequest extends Context {
  /** The client has got a timeout as its reply: nothing more may be written for this request. */
  readonly expired: boolean;
  /** Reports a fault that does not concern the client, such as an event listener that threw. */
  report(thrown: unknown): void;
}

/** The handler's view of a request, without the server's own fields. */
export function contextOf<C extends Context>({ unit, unitId, functionCode, peer }: C): Context & Pick<C, 'unit'> {
  return { unit, unitId, functionCode, peer };
}
