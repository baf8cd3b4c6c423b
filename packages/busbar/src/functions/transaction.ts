import type { DiagnosticEvent, Diagnostics } from '../data/diagnostics.js';
import type { Identity } from '../data/identity.js';
import type { RequestContext } from '../data/request.js';
import type { Device, Unit } from '../data/unit.js';
import type { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';

/** Is told of what clients do that a program may want to know. */
export interface Audit {
  diagnosed(event: DiagnosticEvent): void;
}

/**
 * One request on its way to a reply. On the built-in path a session has one of these and uses it again and again; a request
 * that may outlive the call gets its own.
 */
export interface Transaction extends RequestContext {
  unit: Unit;
  unitId: number;
  functionCode: number;
  peer: Peer;
  device: Device;
  diagnostics: Diagnostics;
  /** The server's, for a unit without an identity of its own. */
  defaultIdentity: Identity | undefined;
  /** Of its connection. */
  line: LineState;
  audit: Audit;
  /** The request PDU is `request[start..end)`; the function code stands at `start`. */
  request: Uint8Array;
  start: number;
  end: number;
  /** The reply PDU goes to `reply` from `replyStart` on. */
  reply: Uint8Array;
  replyStart: number;
  /** Largest reply PDU. */
  maxPduLength: number;
  /** When a user's code must have answered, by `performance.now()`; 0: the clock does not run yet, or never will. */
  due: number;
  /** Its client has been told that it took too long: nothing more may be written for it. */
  expired: boolean;
  /** Reports a fault that is no business of the client's, such as a listener that threw. */
  report(error: unknown): void;
}

/** Starts the clock of a request, unless it runs already. @param allowed milliseconds that it may take; 0: without end. */
export function startClock(transaction: Transaction, allowed: number): void {
  if (allowed > 0 && transaction.due === 0) transaction.due = performance.now() + allowed;
}

/** Milliseconds until it is due. */
export function timeLeft({ due }: Transaction): number {
  return Math.max(0, due - performance.now());
}

/** Length of the reply PDU; 0 for silence; minus the exception code of a refusal. */
export type Result = number;

export const SILENCE: Result = 0;

export function refuse(exceptionCode: number): Result {
  return -exceptionCode;
}

/** What a request does to its unit: nothing that a write could disturb, a read, or a write. */
export type Effect = 'none' | 'read' | 'write';

/** A function: checks its request, carries it out, and writes the reply PDU behind the function code. */
export interface ModbusFunction {
  readonly effect: Effect;
  /** Code of a user, which may answer later. */
  readonly custom?: boolean;
  /** False for polls, which do not count as events (AP, clause 6.9). */
  readonly counted?: boolean;
  execute(transaction: Transaction): Result | Promise<Result>;
}
