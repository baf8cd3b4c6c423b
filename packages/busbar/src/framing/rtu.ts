import { crc16 } from '../pdu/crc.js';
import { EXCEPTION_BIT } from '../pdu/function-codes.js';
import type { FrameReader, Framing, Outcome, ReaderContext } from './framing.js';
import { longestAdu, MIN_ADU_LENGTH, RtuCandidates, type Verdict } from './rtu-candidates.js';
import { RtuWindow } from './rtu-window.js';

const HEADER_LENGTH = 1;
const CRC_LENGTH = 2;
/** Address and function code stand ahead of the data of any frame. */
const MIN_PAYLOAD_OFFSET = 2;
/** Silences in a row that are one of the line: a single one may be the machine's, which was too busy to read. */
const SURE = 2;
const NOWHERE = -1;

/**
 * Finds the requests for this server on a line that it may share with other stations. A frame ends where its predicted length
 * and its CRC say so. Frames of others are passed over whole, so that nothing inside them is taken for a request. After
 * rubbish every position is tried. Silence ends the wait for bytes that don't come; it never ends a frame (SL, clause 2.5.1.1,
 * can't be kept through USB adapters and schedulers).
 */
class RtuReader implements FrameReader {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  readonly transactionId = 0;
  unitId = 0;
  pduStart = 0;
  pduEnd = 0;
  readonly problem = '';
  readonly #context: ReaderContext;
  readonly #window: RtuWindow;
  readonly #candidates: RtuCandidates;
  /** Where in the window to look; all ahead of it is done with. */
  #start = 0;
  /** Where the last silence was: a frame may begin there, although an earlier one waits for bytes. */
  #boundary = NOWHERE;
  /** What is at `#start` follows an intact frame or silence, not rubbish. */
  #inSync = true;
  /** Bytes of rubbish that lie directly ahead of `#start`. */
  #skipped = 0;
  /** Silences since the last byte. */
  #silences = 0;
  /** Silence has nothing more to tell about what waits. */
  #settled = true;

  constructor(context: ReaderContext) {
    this.#context = context;
    this.#window = new RtuWindow(2 * longestAdu(context));
    this.#candidates = new RtuCandidates(this.#window, context);
  }

  get incomplete(): boolean {
    return !this.#settled && (this.#start < this.#window.end || !this.#inSync);
  }

  next(chunk: Uint8Array, at: number): Outcome {
    this.position = at;
    if (at >= chunk.length) return this.#look() || this.#settle() ? 'frame' : 'more';
    this.#silences = 0;
    this.#settled = false;
    if (this.#start === this.#window.end && this.#takeInPlace(chunk, at)) return 'frame';
    do {
      const taken = this.#append(chunk);
      if (!this.#look()) continue;
      this.#giveBack(taken);
      return 'frame';
    } while (this.position < chunk.length);
    return 'more';
  }

  silent(): void {
    this.#silences++;
  }

  whole(datagram: Uint8Array): Outcome {
    const { length } = datagram;
    if (length < MIN_ADU_LENGTH || length > longestAdu(this.#context) || crc16(datagram, 0, length) !== 0)
      return 'more';
    if (this.#context.serves(datagram[0]) && datagram[1] < EXCEPTION_BIT) {
      this.#describe(datagram, 0, length);
      return 'frame';
    }
    this.#passBy();
    return 'more';
  }

  /** The common case: nothing waits, and a request to this server lies whole in the chunk. */
  #takeInPlace(chunk: Uint8Array, at: number): boolean {
    const { length } = chunk;
    if (length - at < MIN_ADU_LENGTH || !this.#mayTrust) return false;
    if (!this.#context.serves(chunk[at]) || chunk[at + 1] >= EXCEPTION_BIT) return false;
    const pduLength = this.#context.requestLength(chunk, at + 1, length);
    if (pduLength === undefined || pduLength === 0 || pduLength > this.#context.maxPduLength) return false;
    const end = at + HEADER_LENGTH + pduLength + CRC_LENGTH;
    if (end > length || crc16(chunk, at, end) !== 0) return false;
    this.#synchronise();
    this.#candidates.forget();
    this.#describe(chunk, at, end);
    this.position = end;
    return true;
  }

  #append(chunk: Uint8Array): number {
    const wanted = chunk.length - this.position;
    if (this.#window.free < wanted) this.#discard();
    const length = Math.min(wanted, this.#window.free);
    this.#window.append(chunk, this.position, length);
    this.position += length;
    return length;
  }

  #discard(): void {
    this.#window.discard(this.#start);
    this.#boundary -= this.#start;
    this.#candidates.shadowStart -= this.#start;
    this.#candidates.shadowEnd -= this.#start;
    this.#start = 0;
  }

  /** The chunk keeps what follows the frame, so that it is asked for again. */
  #giveBack(taken: number): void {
    const length = Math.min(taken, this.#window.end - this.#start);
    this.#window.truncate(this.#window.end - length);
    this.position -= length;
  }

  /** Goes through the window to the next frame for this server, or to where bytes are missing. */
  #look(): boolean {
    while (this.#start < this.#window.end) {
      const found = this.#candidates.judge(this.#start, false);
      const verdict = found === 'intact' ? this.#confirm(this.#start) : found;
      if (verdict === 'waiting') {
        if (!this.#passOver()) return false;
      } else if (
        verdict === 'intact' ||
        (found === 'nothing' && this.#inSync && this.#candidates.isRestIntact(this.#start))
      ) {
        if (this.#take()) return true;
      } else {
        this.#resume(this.#start + 1);
      }
    }
    return false;
  }

  /** Whether the intact frame at `at` is one, and not the payload of another that was not intact; `waiting`: silence will tell. */
  #confirm(at: number): Verdict {
    if (this.#isPayload(at)) return 'nothing';
    if (this.#inSync || this.#isHarmless(at) || (this.#candidates.predicted && this.#mayTrust)) return 'intact';
    const end = this.#endOfFrames(at);
    const next = this.#candidates.judge(end, false);
    this.#candidates.judge(at, false);
    if (end - at > longestAdu(this.#context)) return 'intact';
    return next === 'waiting' ? 'waiting' : 'nothing';
  }

  /** Certainly another station's. */
  #isHarmless(at: number): boolean {
    return this.#candidates.predicted && !this.#isOwn(at);
  }

  /** Where the intact frame at `at` ends, and the intact ones that follow it without anything between. */
  #endOfFrames(at: number): number {
    let end = at;
    while (this.#candidates.judge(end, true) === 'intact') end += this.#candidates.length;
    return end;
  }

  /** What is at `#start` can't be the payload of a frame that was not intact. */
  get #mayTrust(): boolean {
    return this.#inSync || this.#skipped < MIN_PAYLOAD_OFFSET;
  }

  #isPayload(at: number): boolean {
    const { length, shadowStart, shadowEnd } = this.#candidates;
    return at !== this.#boundary && at > shadowStart && at + length < shadowEnd;
  }

  /** What waits since before a silence gives way to an intact frame that began after it. */
  #passOver(): boolean {
    const boundary = this.#boundary;
    if (boundary <= this.#start || this.#candidates.judge(boundary, false) !== 'intact') return false;
    this.#resume(boundary);
    return true;
  }

  /** The line is silent. @returns whether that reveals a frame for this server. */
  #settle(): boolean {
    if (this.#silences < SURE) return false;
    while (this.#reveal()) if (this.#take() || this.#look()) return true;
    if (this.#start === this.#window.end) this.#synchronise();
    else this.#candidates.forget();
    this.#settled = true;
    this.#boundary = this.#window.end;
    return false;
  }

  /** Finds an intact frame in what waits, and makes it the next to be taken. */
  #reveal(): boolean {
    const candidates = this.#candidates;
    if (this.#start === this.#window.end) return false;
    const found = candidates.judge(this.#start, true) === 'intact' || candidates.isRestIntact(this.#start);
    if (found && this.#inSync) return true;
    for (let at = this.#start; at + MIN_ADU_LENGTH <= this.#window.end; at++) {
      if (candidates.judge(at, true) !== 'intact' || !this.#mayInterrupt(at)) continue;
      this.#resume(at);
      return candidates.judge(at, true) === 'intact';
    }
    return false;
  }

  /** Whether the intact frame at `at` ends the wait for an earlier one, rather than being its payload. */
  #mayInterrupt(at: number): boolean {
    if (this.#isPayload(at)) return false;
    if (!this.#inSync && this.#isHarmless(at)) return true;
    const end = this.#inSync ? at + this.#candidates.length : this.#endOfFrames(at);
    // Nothing follows, a stray byte aside: inside another frame, that one's CRC would.
    return this.#window.end - end < CRC_LENGTH;
  }

  /** Leaves what is ahead of `at`: it was no frame. */
  #resume(at: number): void {
    if (at === this.#start) return;
    if (this.#inSync) {
      this.#inSync = false;
      this.#context.communicationError();
      this.#context.counters.resynchronisations++;
    }
    this.#skipped += at - this.#start;
    this.#start = at;
    if (at === this.#boundary) this.#synchronise();
  }

  /** A frame may begin at `#start`, however the bytes ahead of it read. */
  #synchronise(): void {
    this.#inSync = true;
    this.#skipped = 0;
  }

  /** Takes the intact frame at `#start`. @returns whether it is a request to this server. */
  #take(): boolean {
    const candidates = this.#candidates;
    const start = this.#start;
    const own = this.#isOwn(start);
    if (own) candidates.forget();
    else candidates.follow(start);
    this.#start += candidates.length;
    this.#synchronise();
    if (own) {
      this.#describe(this.#window.bytes, start, this.#start);
      return true;
    }
    this.#passBy();
    return false;
  }

  /** A frame was for another station, or from one. */
  #passBy(): void {
    this.#context.counters.messages++;
    this.#context.counters.foreignFrames++;
  }

  #isOwn(start: number): boolean {
    const { isRequest, length } = this.#candidates;
    if (!isRequest || !this.#context.serves(this.#window.bytes[start])) return false;
    return length <= this.#context.maxPduLength + HEADER_LENGTH + CRC_LENGTH;
  }

  #describe(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.unitId = bytes[start];
    this.pduStart = start + HEADER_LENGTH;
    this.pduEnd = end - CRC_LENGTH;
  }
}

/** RTU transmission mode of serial lines (SL, clause 2.5.1). */
export const rtu: Framing = {
  name: 'rtu',
  headerLength: HEADER_LENGTH,
  silence: 50,
  silenceShares: SURE,
  maxLength: (maxPduLength) => HEADER_LENGTH + maxPduLength + CRC_LENGTH,
  createReader: (context) => new RtuReader(context),
  seal(target, start, pduLength, _transactionId, unitId) {
    target[start] = unitId;
    const end = start + HEADER_LENGTH + pduLength;
    const crc = crc16(target, start, end);
    target[end] = crc;
    target[end + 1] = crc >>> 8;
    return end + CRC_LENGTH;
  },
};
