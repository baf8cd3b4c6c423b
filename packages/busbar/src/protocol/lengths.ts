import { type LengthRule, lengthBy, lengthByRule } from './length-rule.js';
import { MAX_REFUSABLE_LENGTH } from './limits.js';
import { byFunctionCode } from './sheets.js';

/**
 * Rules for the lengths of requests, by function code. One table for validation and for finding the end of RTU frames.
 */
export const REQUEST_LENGTHS: readonly (LengthRule | undefined)[] = byFunctionCode(({ request }) => request.length);
const LIKELY_REQUEST_LENGTHS = byFunctionCode(({ request }) => request.likelyLength);
const REPLY_LENGTHS = byFunctionCode(({ reply }) => reply.length);
const LENGTHS_OF_REPLIES = byFunctionCode(({ lengthOfReply }) => lengthOfReply);
/** Only writes with a byte count have it. */
const COUNTS_AGREE = byFunctionCode(({ countsAgree }) => countsAgree);

/**
 * Length that the request PDU at `start` must have; 0 while the byte that tells it is missing, undefined without a
 * rule.
 */
export function requestLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  const rule = REQUEST_LENGTHS[bytes[start]];
  return rule === undefined ? undefined : lengthByRule(rule, bytes, start, end);
}

/** Length in practice of a request of 08 or 2B, for which there is no rule; 0 and undefined as above. */
export function likelyRequestLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  return LIKELY_REQUEST_LENGTHS[bytes[start]]?.(bytes, start, end);
}

/** Whether this is a write with a byte count, and its counts agree with each other. Those of rubbish hardly ever do. */
export function isConsistentWrite(bytes: Uint8Array, start: number, end: number): boolean {
  return COUNTS_AGREE[bytes[start]]?.(bytes, start, end) === true;
}

/**
 * Length of the write at `start` by its byte count; 0 while that is missing, undefined if it is no write that has one.
 */
export function lengthOfWrite(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (start >= end) return 0;
  return COUNTS_AGREE[bytes[start]] === undefined ? undefined : requestLength(bytes, start, end);
}

/**
 * Whether a request PDU may be carried out or, too long for that, ends where its byte count says, so that it can be
 * refused.
 */
export function isAnswerable(bytes: Uint8Array, start: number, end: number, maxPduLength: number): boolean {
  const length = end - start;
  if (length <= maxPduLength) return true;
  return length <= MAX_REFUSABLE_LENGTH && lengthOfWrite(bytes, start, end) === length;
}

/**
 * Length that the reply PDU at `start` must have; 0 while bytes that tell it are missing, undefined if its function has
 * no rule.
 */
export function replyLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  return lengthBy(REPLY_LENGTHS[bytes[start]], bytes, start, end);
}

/** Length of the normal reply to an intact request PDU as far as the request tells it, else undefined. */
export function lengthOfReplyTo(request: Uint8Array, start: number, end: number): number | undefined {
  return LENGTHS_OF_REPLIES[request[start]]?.(request, start, end);
}
