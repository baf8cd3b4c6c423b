import type { HandledRequest, Peer } from 'busbar';
import type { Fault, SwitchReason } from './fault.js';
import type { Place } from './match.js';

/** A fault was switched on or off. */
export interface FaultSwitched {
  readonly fault: Fault;
  readonly active: boolean;
  /** `switched`: by the program, or at its beginning; `for`, `times`: these are over; `removed`: it is gone. */
  readonly why: SwitchReason;
}

/** A fault has hit a reply, a request or a connection. */
export interface FaultInjected extends Place {
  readonly fault: Fault;
  readonly peer: Peer;
  /** Undefined where a connection was refused. */
  readonly request: HandledRequest | undefined;
  /** What it has done, in words: `213 ms later`, `exception 6`. */
  readonly effects: readonly string[];
}

/** What listeners throw is a process warning, and changes no reply. */
export interface FaultEvents {
  switched: [event: FaultSwitched];
  injected: [event: FaultInjected];
}
