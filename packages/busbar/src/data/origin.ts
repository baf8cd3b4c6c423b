import type { Peer } from '../peer.js';
import type { ChangeSource } from './change-event.js';

/** Who makes a change. A request also says where to report a listener's error. */
export type Origin = string | { readonly peer: Peer; report?(thrown: unknown): void };

/** Only a request has `report`: if the program changes something on behalf of a peer, no server gets the error. */
export function isRequest(origin: Origin): origin is { readonly peer: Peer; report(thrown: unknown): void } {
  return typeof origin === 'object' && origin.report !== undefined;
}

export function sourceOf(origin: Origin): ChangeSource {
  return typeof origin === 'string' ? origin : { peer: origin.peer };
}
