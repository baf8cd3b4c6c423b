import { readUint16 } from '../../protocol/bytes.js';
import { ExceptionCode } from '../../protocol/exception-codes.js';
import { EXCEPTION_BIT, FunctionCode } from '../../protocol/function-codes.js';
import {
  isAnswerable,
  isConsistentWrite,
  lengthOfReplyTo,
  likelyRequestLength,
  replyLength,
} from '../../protocol/lengths.js';
import { MAX_PDU_LENGTH } from '../../protocol/limits.js';
import { isQueryData } from '../../protocol/sheets/diagnostics.js';
import {
  AROUND_PDU,
  type Candidate,
  CRC_LENGTH,
  damagedFrame,
  either,
  HEADER_LENGTH,
  intactFrame,
  MIN_ADU_LENGTH,
  NOTHING,
  WAITING,
  waitingFor,
} from './candidate.js';
import type { Expected, RtuState } from './state.js';

/** PDU of 08/00 with one word of data. */
const ECHO_LENGTH = 5;
/** Where no rule tells the length, a frame is at most as long as the protocol lets it be. */
const MAX_UNKNOWN_LENGTH = MAX_PDU_LENGTH + AROUND_PDU;
const EXCEPTION_CODES: ReadonlySet<number> = new Set(Object.values(ExceptionCode));

/** A position that is read, and what is known of it. */
interface Place {
  readonly line: RtuState;
  readonly at: number;
  /** The line is silent: a reply that still waits does not keep the bytes from being a request. */
  readonly silent: boolean;
  /**
   * A frame begins here, so it is worth searching for its end if its length is unknown. Amid rubbish that is not: one
   * byte in 256 begins something that ends with a good CRC by accident.
   */
  readonly inStep: boolean;
  readonly expected: Expected | undefined;
}

interface Reading {
  readonly name: string;
  read(place: Place): Candidate;
}

/** What a position may be, in the order in which it is tried. */
export const READINGS: readonly Reading[] = [
  { name: 'expected reply', read: asExpectedReply },
  { name: 'request', read: asRequest },
  { name: 'reply', read: asReply },
];

/** Reads `at` while bytes come. */
export function readArriving(line: RtuState, at: number): Candidate {
  return read(line, at, false, line.inStep, line.expected);
}

/** Reads `at` when the line is silent, or as if it were. */
export function readSilent(line: RtuState, at: number): Candidate {
  return read(line, at, true, line.inStep, line.expected);
}

/** The same where rubbish is ahead of `at`: only frames that tell their length. */
export function readAmidRubbish(line: RtuState, at: number): Candidate {
  return read(line, at, true, false, line.expected);
}

/** The same behind a frame that lets `expected` follow. */
export function readInStep(line: RtuState, at: number, expected: Expected | undefined): Candidate {
  return read(line, at, true, true, expected);
}

/**
 * All bytes from `at` to `end` as one frame, even of a length that its function should not have. A shorter frame of the
 * right length with zeros behind it is not that, although zeros keep the CRC good.
 */
export function readWhole(line: RtuState, at: number, end: number): Candidate | undefined {
  const length = end - at;
  if (length < MIN_ADU_LENGTH || length > line.longest || !line.mayBegin(at)) return undefined;
  if (!line.window.isIntact(at, end)) return undefined;
  const usual = readAmidRubbish(line, at);
  if (usual.verdict === 'intact' && usual.length < length) return undefined;
  return intact(line, at, length, line.window.bytes[at + 1] < EXCEPTION_BIT, true);
}

/** The intact frame of unknown length, made longer: up to its next good CRC. */
export function extended(line: RtuState, { at, length, kind }: Candidate): Candidate | undefined {
  const end = line.window.nextEnd(at, at + length + 1, at + MAX_UNKNOWN_LENGTH);
  return end > 0 ? intact(line, at, end - at, kind !== 'reply', false) : undefined;
}

/** The reply that may follow the intact frame. No other station replies to a request to us. */
export function expectedAfter(line: RtuState, { at, length, kind }: Candidate): Expected | undefined {
  const { bytes } = line.window;
  const [unitId, functionCode] = [bytes[at], bytes[at + 1]];
  if (kind !== 'foreign request' || line.context.serves(unitId)) return undefined;
  const subFunction = functionCode === FunctionCode.Diagnostics ? readUint16(bytes, at + 2) : undefined;
  const pduLength = lengthOfReplyTo(bytes, at + HEADER_LENGTH, at + length - CRC_LENGTH);
  return { unitId, functionCode, length: pduLength, subFunction };
}

function intact(line: RtuState, at: number, length: number, isRequest: boolean, certain: boolean): Candidate {
  return intactFrame(at, length, line.kindOf(at, length, isRequest), certain);
}

function read(line: RtuState, at: number, silent: boolean, inStep: boolean, expected: Expected | undefined): Candidate {
  if (line.window.end - at < 2) return WAITING;
  if (!line.mayBegin(at)) return NOTHING;
  const place: Place = { line, at, silent, inStep, expected };
  let found = NOTHING;
  for (const reading of READINGS) {
    found = either(found, reading.read(place));
    if (found.verdict === 'intact') break;
    // Bytes that may yet become one thing are not given to the next. What may become a request to us never is.
    if (found.verdict === 'waiting' && (!silent || line.context.serves(line.window.bytes[at]))) break;
  }
  return found;
}

function asExpectedReply(place: Place): Candidate {
  if (!isExpected(place)) return NOTHING;
  const { bytes, end } = place.line.window;
  return frameOf(place, false, place.expected?.length ?? replyLength(bytes, place.at + HEADER_LENGTH, end));
}

/** Whether the reply may begin here that the last request asked for. */
function isExpected({ line, at, expected }: Place): boolean {
  const { bytes, end } = line.window;
  if (expected === undefined || bytes[at] !== expected.unitId) return false;
  if (bytes[at + 1] !== expected.functionCode) return false;
  if (expected.subFunction !== undefined && end - at >= 4 && readUint16(bytes, at + 2) !== expected.subFunction) {
    return false;
  }
  const length = replyLength(bytes, at + HEADER_LENGTH, end);
  return !length || expected.length === undefined || length === expected.length;
}

function asRequest(place: Place): Candidate {
  const { line, at } = place;
  const { bytes } = line.window;
  if (bytes[at + 1] >= EXCEPTION_BIT) return NOTHING;
  const length = requestLengthAt(line, at);
  const found = length === undefined && isQueryData(bytes, at + 1) ? asEcho(place) : frameOf(place, true, length);
  return found.verdict === 'intact' && found.kind !== 'own request' ? aheadOfZeros(place, found) : found;
}

/** Bytes of the request PDU. 0: the bytes that tell it are missing; undefined: nothing tells it. */
function requestLengthAt(line: RtuState, at: number): number | undefined {
  const { bytes, end } = line.window;
  return line.context.requestLength(bytes, at + 1, end) ?? likelyRequestLength(bytes, at + 1, end);
}

/** Whether the function of the request at `at` tells its length. */
export function tellsLength(line: RtuState, at: number): boolean {
  return requestLengthAt(line, at) !== undefined;
}

/** The data of an echo may have any length, but in practice they are almost always one word. */
function asEcho(place: Place): Candidate {
  const usual = frameOf(place, true, ECHO_LENGTH);
  if (isEmptyEcho(place, usual)) return frameOf(place, true, undefined);
  if (usual.verdict === 'intact' || (usual.verdict === 'waiting' && !place.silent)) return usual;
  return either(usual, frameOf(place, true, undefined));
}

/** A foreign echo without data, with two zeros behind it: a glitch, or the first byte of a broadcast. */
function isEmptyEcho({ line, at, inStep }: Place, { verdict, kind, length }: Candidate): boolean {
  if (!inStep || verdict !== 'intact' || kind === 'own request') return false;
  return line.window.isIntact(at, at + length - CRC_LENGTH);
}

/** A foreign request that has a good CRC only because of zeros at its end is a shorter reply. */
function aheadOfZeros({ line, at }: Place, request: Candidate): Candidate {
  const { bytes, end } = line.window;
  const length = (replyLength(bytes, at + 1, end) ?? 0) + AROUND_PDU;
  if (length === AROUND_PDU || length >= request.length) return request;
  if (line.context.serves(bytes[at]) || !line.window.isIntact(at, at + length)) return request;
  if (bytes.subarray(at + length, at + request.length).some((byte) => byte !== 0)) return request;
  return intact(line, at, length, false, request.certain);
}

function asReply(place: Place): Candidate {
  const { bytes, end } = place.line.window;
  const code = bytes[place.at + 1];
  if (code >= EXCEPTION_BIT) return mayBeRefusal(place) ? frameOf(place, false, 2) : NOTHING;
  // The reply to an echo is as long as the request that it looks like.
  if (code === FunctionCode.Diagnostics) return NOTHING;
  return frameOf(place, false, replyLength(bytes, place.at + 1, end));
}

/**
 * Amid rubbish every second byte may be the function code of a refusal. There, only exception codes that exist make
 * one.
 */
function mayBeRefusal({ line, at, inStep }: Place): boolean {
  const { bytes, end } = line.window;
  return inStep || end - at < 3 || EXCEPTION_CODES.has(bytes[at + 2]);
}

/** A frame with a PDU of that length. 0: the bytes that tell it are missing; undefined: nothing tells it. */
function frameOf(place: Place, isRequest: boolean, pduLength: number | undefined): Candidate {
  if (pduLength === undefined) return frameOfUnknownLength(place, isRequest);
  const { line, at } = place;
  const { bytes, end } = line.window;
  // What has the bytes of the longest frame, but still not those that tell its length, never ends.
  if (pduLength === 0) return end - at < line.longest ? WAITING : NOTHING;
  const [start, limit] = [at + HEADER_LENGTH, Math.max(line.context.maxPduLength, MAX_PDU_LENGTH)];
  if (!isAnswerable(bytes, start, start + pduLength, limit)) return NOTHING;
  const length = pduLength + AROUND_PDU;
  if (at + length > end) return waitingFor(at, length, line.kindOf(at, length, isRequest));
  if (line.window.isIntact(at, at + length)) return intact(line, at, length, isRequest, true);
  return isCertainlyMeant(place, at + length) ? damagedFrame(at, at + length) : NOTHING;
}

/**
 * Whether what ends at `end` with a wrong CRC is a damaged frame, rather than bytes that look like its beginning. Two
 * zeros at its end are hardly a CRC: a driver makes them behind what breaks off.
 */
function isCertainlyMeant(place: Place, end: number): boolean {
  const { bytes, end: last } = place.line.window;
  if (readUint16(bytes, end - CRC_LENGTH) === 0) return false;
  return isExpected(place) || isConsistentWrite(bytes, place.at + HEADER_LENGTH, last);
}

/** It ends at its first good CRC, unless more than that can be told of it. */
function frameOfUnknownLength({ line, at, inStep }: Place, isRequest: boolean): Candidate {
  if (!inStep) return NOTHING;
  const limit = at + Math.min(MAX_UNKNOWN_LENGTH, line.longest);
  const end = line.window.findEnd(at, at + MIN_ADU_LENGTH, limit);
  if (end > 0) return intact(line, at, end - at, isRequest, false);
  return line.window.end < limit ? WAITING : NOTHING;
}
