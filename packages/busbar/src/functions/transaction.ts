import type { Device } from '../data/device.js';
import type { Diagnostics } from '../data/diagnostics.js';
import type { Identity } from '../data/identity.js';
import type { ServedRequest } from '../data/request.js';
import type { RequestContext, Unit } from '../data/unit.js';
import type { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import { EXCEPTION_BIT, type FunctionCode } from '../protocol/function-codes.js';
import type { LengthRule } from '../protocol/length-rule.js';

/** What 08/01, 03, 04, 0A and 14 do, in this order. */
export type DiagnosticAction = 'restart' | 'changeDelimiter' | 'listenOnly' | 'clearCounters' | 'clearOverruns';

/** A client has changed with function 08 how a unit answers, or what others see of its counters. */
export interface DiagnosticEvent extends RequestContext {
  readonly action: DiagnosticAction;
  readonly subFunction: number;
  /** The request's data, 0..65535: FF00 if a restart clears the event log; a new delimiter is in the upper byte. */
  readonly data: number;
}

/** Receives the actions of clients that a program may want to know. */
export interface Audit {
  diagnosed(event: DiagnosticEvent): void;
}

/**
 * One request on its way to a reply. On the built-in path an output's one transaction serves all; a request that may
 * outlive the call gets its own.
 */
export interface Transaction extends ServedRequest {
  unit: Unit;
  unitId: number;
  functionCode: number;
  peer: Peer;
  device: Device;
  diagnostics: Diagnostics;
  /** The server's identity, for units without their own. */
  defaultIdentity: Identity | undefined;
  /** Of its connection. */
  line: LineState;
  audit: Audit;
  /** The request PDU is `request[start..end)`; the function code is at `start`. */
  request: Uint8Array;
  start: number;
  end: number;
  /** The reply PDU goes to `reply` from `replyStart` on. */
  reply: Uint8Array;
  replyStart: number;
  /** Largest reply PDU. */
  maxPduLength: number;
  /** The deadline for a user's code, by `performance.now()`; 0: the clock does not run yet, or never will. */
  due: number;
  /** The client has got a timeout as its reply: nothing more may be written for this request. */
  expired: boolean;
}

/** Starts the clock of a request, unless it runs already. @param allowed time limit in milliseconds; 0: none. */
export function startClock(transaction: Transaction, allowed: number): void {
  if (allowed > 0 && transaction.due === 0) transaction.due = performance.now() + allowed;
}

/** Milliseconds until it is due. */
export function timeLeft({ due }: Transaction): number {
  return Math.max(0, due - performance.now());
}

/** Stops the clock of a request, if it runs: something else decides how long that takes. @returns starts it again. */
export function holdClock(transaction: Transaction | undefined): () => void {
  if (transaction === undefined || transaction.due === 0) return () => undefined;
  const left = timeLeft(transaction);
  transaction.due = Number.POSITIVE_INFINITY;
  return () => {
    transaction.due = performance.now() + left;
  };
}

/** Length of the reply PDU; 0 for no reply; for a refusal, the negated exception code. */
export type Result = number;

export const SILENCE: Result = 0;

export function refuse(exceptionCode: number): Result {
  return -exceptionCode;
}

/** Writes the reply that a refusal stands for. @returns the length of its PDU. */
export function writeException({ reply, replyStart, functionCode }: Transaction, result: Result): number {
  reply[replyStart] = functionCode | EXCEPTION_BIT;
  reply[replyStart + 1] = -result;
  return 2;
}

/** What a request does to its unit: a read, a write, or nothing that a write could disturb. */
export type Effect = 'none' | 'read' | 'write';

/** A function: checks its request, carries it out, and writes the reply PDU after the function code. */
export interface ModbusFunction {
  /** Other requests get exception 03. Absent if the function itself judges the length. */
  readonly length?: LengthRule | undefined;
  readonly effect: Effect;
  /** User code; may return a promise. */
  readonly custom?: boolean;
  /** False for polls, which do not count as events (AP, clause 6.9). */
  readonly counted?: boolean;
  execute(transaction: Transaction): Result | Promise<Result>;
}

/** A public function. Its sheet has the length of its requests. */
export type FunctionEntry = readonly [code: FunctionCode, run: ModbusFunction];
