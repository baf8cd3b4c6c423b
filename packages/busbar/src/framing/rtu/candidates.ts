import { readUint16 } from '../../protocol/bytes.js';
import { ExceptionCode } from '../../protocol/exception-codes.js';
import { EXCEPTION_BIT, FunctionCode } from '../../protocol/function-codes.js';
import { isAnswerable, lengthOfReplyTo, READ_DEVICE_IDENTIFICATION, replyLength } from '../../protocol/lengths.js';
import { MAX_PDU_LENGTH, MAX_REFUSABLE_LENGTH } from '../../protocol/limits.js';
import type { ReaderContext } from '../framing.js';
import type { RtuWindow } from './window.js';

const CRC_LENGTH = 2;
/** Address and CRC. */
const AROUND_PDU = 1 + CRC_LENGTH;
/** Address, function code, CRC. */
export const MIN_ADU_LENGTH = 4;
/** Addresses above are reserved (SL, clause 2.2). */
export const MAX_STATION = 247;
/** PDU of 08/00 with one word of data. */
const ECHO_LENGTH = 5;
/** Where no rule tells the length, a frame is at most as long as the protocol lets it be. */
const MAX_SEARCHED_LENGTH = MAX_PDU_LENGTH + AROUND_PDU;
const EXCEPTION_CODES: ReadonlySet<number> = new Set(Object.values(ExceptionCode));

/** Of what may begin at a position: nothing does; it lacks bytes; it is whole and its CRC is good. */
export type Verdict = 'nothing' | 'waiting' | 'intact';

/** A request to another station, whose reply may follow. */
export interface Expected {
  readonly unitId: number;
  readonly functionCode: number;
  /** Of the reply PDU, as far as the request tells. */
  readonly length: number | undefined;
}

/**
 * Judges what begins at a position of an RTU line: a request, or another station's reply. Lengths follow from the function
 * code; where they don't, a good CRC has to do.
 */
export class RtuCandidates {
  /** Length of the frame that was found intact. */
  length = 0;
  /** It is a request. */
  isRequest = false;
  /** Its length was predicted; else bytes of anything may look like it by chance. */
  predicted = false;
  /** Where what waits will end, if that is known. */
  waitsUntil = 0;
  /** The request of another station that the last frame was: its reply is what comes first in question. */
  expected: Expected | undefined;
  /** What waits, or failed, is a frame by more than its first two bytes. */
  #strong = false;
  /** Where the last strong candidate began and ended that was not intact: what lies inside is its payload, whatever it reads like. */
  #shadowStart = 0;
  #shadowEnd = 0;
  readonly #window: RtuWindow;
  readonly #context: ReaderContext;
  readonly #longest: number;
  #target = 0;
  #waiting = false;
  #inSync = true;
  #searched = false;

  constructor(window: RtuWindow, context: ReaderContext) {
    this.#window = window;
    this.#context = context;
    this.#longest = longestAdu(context);
  }

  /**
   * @param settled the line is silent: no reply that waits keeps a request from being one.
   * @param inSync a frame begins at `at`, so that it is worth looking for its end where nothing tells it: amid rubbish, every byte in
   * 256 begins something that ends with a good CRC by accident.
   */
  judge(at: number, settled: boolean, inSync: boolean): Verdict {
    this.#strong = false;
    this.#waiting = false;
    this.#inSync = inSync;
    this.waitsUntil = 0;
    this.#searched = false;
    if (this.#window.end - at < 2) return 'waiting';
    if (!this.#mayBegin(at)) return 'nothing';
    this.#target = this.#window.target(at);
    if (this.#isExpectedReply(at)) return 'intact';
    if (this.#strong && this.#waiting && !settled) return 'waiting';
    if (this.#isKnownRequest(at, settled)) this.#endAheadOfZeros(at);
    else if (!this.#isKnownReply(at, settled)) return this.#waiting ? 'waiting' : 'nothing';
    return 'intact';
  }

  /** If a request of another station's has a good CRC only because of the zeros at its end, it is a shorter reply. */
  #endAheadOfZeros(at: number): void {
    const { bytes, end } = this.#window;
    const length = (replyLength(bytes, at + 1, end) ?? 0) + AROUND_PDU;
    if (length === AROUND_PDU || length >= this.length || this.#context.serves(bytes[at])) return;
    if (!this.#window.isIntact(this.#target, at + length)) return;
    if (bytes.subarray(at + length, at + this.length).some((byte) => byte !== 0)) return;
    this.length = length;
    this.isRequest = false;
  }

  /**
   * Whether all from `at` to `end` is one frame, even if of a length that its function should not have. A frame of the right length with
   * zeros behind it is not one frame, although they keep the CRC good.
   */
  isIntact(at: number, end: number): boolean {
    if (!this.hasGoodCrc(at, end) || end - at > this.#longest || !this.#mayBegin(at)) return false;
    if (this.judge(at, true, false) === 'intact' && at + this.length < end) return false;
    this.length = end - at;
    this.predicted = true;
    this.isRequest = this.#window.bytes[at + 1] < EXCEPTION_BIT;
    return true;
  }

  hasGoodCrc(at: number, end: number): boolean {
    return end - at >= MIN_ADU_LENGTH && this.#window.isIntact(this.#window.target(at), end);
  }

  /** Makes the intact frame at `at` longer than that, up to its next good CRC. @returns whether there is one. */
  extend(at: number, length: number): boolean {
    const end = this.#window.nextEnd(this.#window.target(at), at + length + 1, at + MAX_SEARCHED_LENGTH);
    if (end > 0) this.length = end - at;
    return end > 0;
  }

  /** Whether what was found at `at` lies inside a frame that was not intact, ahead of its CRC. */
  isPayload(at: number): boolean {
    return at > this.#shadowStart && at + this.length <= this.#shadowEnd - CRC_LENGTH;
  }

  clearShadow(): void {
    this.#shadowStart = 0;
    this.#shadowEnd = 0;
  }

  /** The window has left its first `length` bytes. */
  discard(length: number): void {
    this.#shadowStart -= length;
    this.#shadowEnd -= length;
  }

  /** An intact frame of another station stands at `at`: what may follow it? */
  follow(at: number): void {
    const { bytes } = this.#window;
    const [unitId, functionCode] = [bytes[at], bytes[at + 1]];
    const length = lengthOfReplyTo(bytes, at + 1, at + this.length - CRC_LENGTH);
    this.expected = this.isRequest ? { unitId, functionCode, length } : undefined;
  }

  /** No reply to an earlier request is expected any more. */
  forget(): void {
    this.expected = undefined;
  }

  #isExpectedReply(at: number): boolean {
    const expected = this.expected;
    const { bytes, end } = this.#window;
    if (expected === undefined || bytes[at] !== expected.unitId) return false;
    if (bytes[at + 1] !== expected.functionCode) return false;
    const length = replyLength(bytes, at + 1, end);
    if (length !== undefined && length > 0 && expected.length !== undefined && length !== expected.length) return false;
    this.isRequest = false;
    this.#strong = true;
    return this.#fits(at, expected.length ?? length);
  }

  #isKnownRequest(at: number, settled: boolean): boolean {
    const { bytes, end } = this.#window;
    if (bytes[at + 1] >= EXCEPTION_BIT) return false;
    this.isRequest = true;
    if (isConsistentWrite(bytes, at + 1, end)) this.#strong = true;
    const length = this.#requestLength(at);
    // The length of an echo is arbitrary, but in practice it is almost always eight bytes.
    if (length === undefined && isEcho(bytes, at + 1)) {
      if (this.#fits(at, ECHO_LENGTH)) return true;
      if (at + ECHO_LENGTH + AROUND_PDU > end && !settled) return false;
    }
    return this.#fits(at, length);
  }

  #requestLength(at: number): number | undefined {
    const { bytes, end } = this.#window;
    const length = this.#context.requestLength(bytes, at + 1, end);
    return length ?? subFunctionLength(bytes, at + 1, end);
  }

  #isKnownReply(at: number, settled: boolean): boolean {
    const { bytes, end } = this.#window;
    const code = bytes[at + 1];
    // Bytes that may yet become a request are not given away: the beginning of one to others may read like a short reply.
    if (this.#waiting && (!settled || this.#context.serves(bytes[at]))) return false;
    this.isRequest = false;
    if (code >= EXCEPTION_BIT) return this.#mayBeRefusal(at) && this.#fits(at, 2);
    // An echo is as long as the request that it looks like.
    if (code === FunctionCode.Diagnostics) return false;
    return this.#fits(at, replyLength(bytes, at + 1, end));
  }

  /** Amid rubbish every second byte may be the function code of a refusal. Only codes that exist make one there. */
  #mayBeRefusal(at: number): boolean {
    const { bytes, end } = this.#window;
    return this.#inSync || end - at < 3 || EXCEPTION_CODES.has(bytes[at + 2]);
  }

  /** Whether a frame with a PDU of that length (0: not known yet, undefined: any) begins at `at`. */
  #fits(at: number, pduLength: number | undefined): boolean {
    if (pduLength === undefined) return this.#search(at);
    const adu = pduLength + AROUND_PDU;
    const { bytes, end } = this.#window;
    if (!isAnswerable(bytes, at + 1, at + 1 + pduLength, Math.max(this.#context.maxPduLength, MAX_PDU_LENGTH))) {
      return false;
    }
    // What has the bytes of the longest frame, but still not those that tell its length, never ends.
    if (pduLength === 0 && end - at >= this.#longest) return false;
    if (pduLength === 0 || at + adu > end) {
      this.#waiting = true;
      if (pduLength > 0) this.waitsUntil = at + adu;
      return false;
    }
    if (this.#isWhole(at, at + adu)) return true;
    this.#fail(at, at + adu);
    return false;
  }

  /** Two zeros at its end are hardly its CRC: a driver made them behind what came after its beginning. */
  #fail(at: number, end: number): void {
    if (!this.#strong || end <= this.#shadowEnd || readUint16(this.#window.bytes, end - CRC_LENGTH) === 0) return;
    this.#shadowStart = at;
    this.#shadowEnd = end;
  }

  #isWhole(at: number, end: number): boolean {
    if (end > this.#window.end || !this.#window.isIntact(this.#target, end)) return false;
    this.length = end - at;
    this.predicted = true;
    return true;
  }

  #search(at: number): boolean {
    if (!this.#inSync || this.#searched) return false;
    this.#searched = true;
    const limit = at + Math.min(MAX_SEARCHED_LENGTH, this.#longest);
    const { end } = this.#window;
    const found = this.#window.findEnd(this.#target, at + MIN_ADU_LENGTH, Math.min(end, limit));
    if (found === 0) {
      if (end < limit) this.#waiting = true;
      return false;
    }
    this.length = found - at;
    this.predicted = false;
    return true;
  }

  /** No function has code 0, and addresses end at 247, unless this server has others: what glitches make looks like them. */
  #mayBegin(at: number): boolean {
    const { bytes } = this.#window;
    const unitId = bytes[at];
    if (bytes[at + 1] > 0 && unitId <= MAX_STATION) return true;
    return unitId > 0 && this.#context.serves(unitId);
  }
}

/** Longest frame on the line: other stations know nothing of this server's limit, and clients write more than fits a frame. */
export function longestAdu(context: ReaderContext): number {
  return Math.max(context.maxPduLength, MAX_REFUSABLE_LENGTH) + AROUND_PDU;
}

/** Diagnostics sub-function 00: data of any length is sent back. */
function isEcho(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === FunctionCode.Diagnostics && readUint16(bytes, start + 1) === 0;
}

/** Request lengths that follow from a sub-function, in the manner of `requestLength`. */
function subFunctionLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (bytes[start] === FunctionCode.Diagnostics) {
    if (end - start < 3) return 0;
    return isEcho(bytes, start) ? undefined : 5;
  }
  if (bytes[start] !== FunctionCode.EncapsulatedInterfaceTransport) return undefined;
  if (end - start < 2) return 0;
  return bytes[start + 1] === READ_DEVICE_IDENTIFICATION ? 4 : undefined;
}

/** Whether the counts of a write request agree with each other, which rubbish hardly ever manages. */
function isConsistentWrite(bytes: Uint8Array, start: number, end: number): boolean {
  const has = (length: number) => end - start >= length;
  switch (bytes[start]) {
    case FunctionCode.WriteMultipleCoils:
      return has(6) && bytes[start + 5] > 0 && bytes[start + 5] === Math.ceil(readUint16(bytes, start + 3) / 8);
    case FunctionCode.WriteMultipleRegisters:
      return has(6) && bytes[start + 5] > 0 && bytes[start + 5] === 2 * readUint16(bytes, start + 3);
    case FunctionCode.ReadWriteMultipleRegisters:
      return has(10) && bytes[start + 9] > 0 && bytes[start + 9] === 2 * readUint16(bytes, start + 7);
    case FunctionCode.WriteFileRecord:
      return has(9) && bytes[start + 2] === 6 && bytes[start + 1] >= 7 + 2 * readUint16(bytes, start + 7);
    default:
      return false;
  }
}
