import { EXCEPTION_BIT } from './function-codes.js';
import { lengthOfReplyTo, likelyRequestLength, replyLength, requestLength } from './lengths.js';
import { SHEETS } from './sheets.js';

/** A frame, as far as pairing has to know it. Times are in milliseconds. */
export interface PairedFrame {
  readonly unitId: number;
  readonly pdu: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const BROADCAST = 0;

/**
 * Tells requests from replies on a line, where nothing else does: a reply comes from the station that was asked, with
 * the function that it was asked for, and is as long as it has to be.
 */
export class Pairing<Request extends PairedFrame> {
  readonly #replyTimeout: number;
  #open: Request | undefined;

  /** @param replyTimeout milliseconds after which what might be a late reply is the request once more. */
  constructor(replyTimeout: number) {
    this.#replyTimeout = replyTimeout;
  }

  /** What the next frame of the line is. @returns the request that it answers; null for one that nobody has heard. */
  judge(frame: PairedFrame): { kind: 'request' } | { kind: 'reply'; request: Request | null } {
    const request = this.#open;
    if (request !== undefined && this.#answers(frame, request)) {
      this.#open = undefined;
      return { kind: 'reply', request };
    }
    return isReplyOnly(frame.pdu) ? { kind: 'reply', request: null } : { kind: 'request' };
  }

  /** A request has been made. @returns the one before, if it was not answered. */
  ask(request: Request): Request | undefined {
    const unanswered = this.#open;
    this.#open = request.unitId === BROADCAST ? undefined : request;
    return unanswered;
  }

  #answers(frame: PairedFrame, request: Request): boolean {
    if (frame.unitId !== request.unitId || !repliesTo(frame.pdu, request.pdu)) return false;
    return frame.start - request.end <= this.#replyTimeout || !mayBeRequest(frame.pdu);
  }
}

/** Whether a PDU has the form of a reply to this request. */
function repliesTo(pdu: Uint8Array, request: Uint8Array): boolean {
  if (pdu[0] === (request[0] | EXCEPTION_BIT)) return pdu.length === 2;
  if (pdu[0] !== request[0]) return false;
  const lengths = [lengthOfReplyTo(request, 0, request.length), replyLength(pdu, 0, pdu.length)];
  return lengths.every((length) => length === undefined || length === pdu.length) && repeats(pdu, request);
}

/** Many functions are answered with the beginning of the request, or all of it. */
function repeats(pdu: Uint8Array, request: Uint8Array): boolean {
  const length = SHEETS[request[0]]?.repeats?.(request) ?? 0;
  return pdu.subarray(0, length).every((byte, i) => byte === request[i]);
}

/** Whether a PDU can't be a request, but is a reply. */
function isReplyOnly(pdu: Uint8Array): boolean {
  if (pdu[0] >= EXCEPTION_BIT) return true;
  return !mayBeRequest(pdu) && replyLength(pdu, 0, pdu.length) === pdu.length;
}

function mayBeRequest(pdu: Uint8Array): boolean {
  if (pdu[0] >= EXCEPTION_BIT) return false;
  const length = requestLength(pdu, 0, pdu.length) ?? likelyRequestLength(pdu, 0, pdu.length);
  return length === undefined || length === pdu.length;
}
