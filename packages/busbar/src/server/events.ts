import type { DiagnosticEvent } from '../functions/transaction.js';
import type { Peer } from '../peer.js';
import type { DeniedEvent } from './policy.js';

/** Events of every server. Listeners that throw do no harm: what they threw is an `error` event. */
export interface ServerEvents {
  /** It accepts connections. */
  listening: [];
  connect: [event: { readonly peer: Peer }];
  /** `error` says why, unless the peer closed in good order. */
  disconnect: [event: { readonly peer: Peer; readonly error: Error | undefined }];
  /**
   * Something went wrong that the program should know of: a handler failed, or the listener itself. The server goes on.
   * Without a listener it is a process warning.
   */
  error: [error: Error];
  /** Something is set up less safely than it could be. Without a listener it is a process warning. */
  warning: [warning: Error];
  /** A client's role did not allow its request: exception 01 was the answer, and nothing was carried out. */
  denied: [event: DeniedEvent];
  /**
   * A client has put a unit into listen-only mode, restarted it, cleared counters, or changed a delimiter, with
   * function 08.
   */
  diagnostic: [event: DiagnosticEvent];
  /** It has ended: nothing is open any more. */
  close: [];
}

/** Tells the program of a server's events. */
export interface Announcer {
  tell<E extends keyof ServerEvents>(event: E, ...details: ServerEvents[E]): void;
  report(error: Error): void;
}
